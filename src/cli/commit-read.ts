import type { LocalCommits } from '../adapters/git/local-commits.ts';
import type { ConfigSource } from '../ports/git.ts';

/** A checkout that notes what is read of it. */
export interface NotedCheckout {
  source: ConfigSource;
  /**
   * The commit that is checked out, where all that was read stands in it just so: then the run is one of that commit. Null
   * where it does not, or Git cannot say.
   */
  commitRead(): Promise<string | null>;
}

export function notedCheckout(checkout: ConfigSource, commits: LocalCommits): NotedCheckout {
  const texts = new Map<string, string | null>();
  const folders = new Map<string, readonly string[]>();
  return {
    source: {
      revision: checkout.revision,
      async read(path) {
        const text = await checkout.read(path);
        texts.set(path, text);
        return text;
      },
      async list(folder) {
        const names = await checkout.list(folder);
        folders.set(folder, names);
        return names;
      },
    },
    async commitRead() {
      const head = await commits.head();
      if (head === null) return null;
      const commit = commits.at(head);
      const same = await Promise.all([
        ...[...texts].map(async ([path, text]) => (await commit.read(path)) === text),
        // A file that Git does not know counts where it was read; one that is missing was not read.
        ...[...folders].map(async ([folder, names]) =>
          (await commit.list(folder)).every((name) => names.includes(name)),
        ),
      ]).catch(() => [false]);
      return same.every(Boolean) ? head : null;
    },
  };
}
