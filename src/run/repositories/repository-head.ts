import { clustersOf } from '../../desired/questions.ts';
import type { Log } from '../../ports/log.ts';
import type { Repository } from './repository.ts';

/** A repository, and the clusters its head named when last read. */
export class RepositoryHead<Served extends Repository> {
  readonly repository: Served;
  #known: { revision: string; clusters: readonly string[] } | null = null;
  #isFailing = false;

  constructor(repository: Served) {
    this.repository = repository;
  }

  get wasRead(): boolean {
    return this.#known !== null;
  }

  get clusters(): readonly string[] {
    return this.#known?.clusters ?? [];
  }

  /** A repository never read so far may still name its former clusters. */
  mayName(cluster: string): boolean {
    return this.#known?.clusters.includes(cluster) ?? true;
  }

  /** Returns whether the head has moved. */
  async read(): Promise<boolean> {
    const head = await this.repository.source(null);
    // A working tree keeps its name when its content changes.
    if (this.#known?.revision === head.revision && head.revision !== 'working tree') return false;
    this.#known = { revision: head.revision, clusters: await clustersOf(head) };
    return true;
  }

  /** Logs a failure once, until it is over. */
  note(read: PromiseSettledResult<boolean>, log: Log): void {
    const isFailing = read.status === 'rejected';
    if (isFailing && !this.#isFailing)
      log.warn(
        { repository: this.repository.name, error: read.reason as unknown },
        'the clusters of a repository cannot be read',
      );
    this.#isFailing = isFailing;
  }
}

/**
 * Returns whether any head has moved. An unreadable head keeps its last state.
 * @throws the read error of a head that was never read.
 */
export async function readHeads(heads: readonly RepositoryHead<Repository>[], log: Log): Promise<boolean> {
  const reads = await Promise.all(
    heads.map(async (head) => {
      const [read] = await Promise.allSettled([head.read()]);
      return { head, read };
    }),
  );
  const failed = reads.map(({ read }) => read).find((read) => read.status === 'rejected');
  if (failed && heads.every(({ wasRead }) => !wasRead)) throw failed.reason;
  for (const { head, read } of reads) head.note(read, log);
  return reads.some(({ read }) => read.status === 'fulfilled' && read.value);
}
