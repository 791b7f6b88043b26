import type { LocalCommits } from '../adapters/git/local-commits.ts';
import type { ConfigSource } from '../ports/git.ts';

/** A checkout that records what is read. */
export interface NotedCheckout {
  source: ConfigSource;
  /**
   * The checked-out commit, if everything read is identical in it: the run is then one of that commit. Null otherwise,
   * or if Git fails.
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
        // An untracked file counts if it was read; a missing one was not read.
        ...[...folders].map(async ([folder, names]) =>
          (await commit.list(folder)).every((name) => names.includes(name)),
        ),
      ]).catch(() => [false]);
      return same.every(Boolean) ? head : null;
    },
  };
}
