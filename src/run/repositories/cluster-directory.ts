import { clustersOf } from '../../desired/rules/read-rules.ts';
import { RedisopsError } from '../../domain/error.ts';
import { didYouMean } from '../../domain/nearest.ts';
import type { Repository, RepositoryPorts } from './repository.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';

/** Which repository has which cluster. A cluster’s name belongs to one: all that is kept goes by it. */
export interface ClusterDirectory<Served extends Repository = Repository> {
  readonly all: readonly Served[];
  /**
   * To be awaited once, before anything is served: of a name that two repositories bring at once nobody can say whose it is.
   * @throws CLUSTER_TAKEN; where no repository can be read, what reading it throws.
   */
  begin(): Promise<void>;
  /** At the branches’ heads, now. What cannot be read now counts as it was. */
  clusters(): Promise<readonly string[]>;
  /**
   * The repository that has the cluster, or had it last; the only one for undefined, or that of the only cluster.
   * @throws UNKNOWN_CLUSTER, with what there is; USAGE where there are several and none was named.
   */
  of(cluster: string | undefined): Promise<Served>;
  /** As `of`, of a cluster that `clusters` named: as it was then, without a look. */
  lastOf(cluster: string): Served | undefined;
  /** The other repository that has this cluster; null where there is none. */
  takenFrom(repository: string, cluster: string): Promise<string | null>;
}

interface Entry<Served> {
  repository: Served;
  /** At the head that was read last; null before the first. */
  known: { revision: string; clusters: readonly string[] } | null;
  isFailing: boolean;
}

/**
 * The first repository that names a cluster has it, until it names it no more: that is kept in the store, so that bot and
 * workers agree, over restarts, too. Heads are asked for by their ETag, and redisops.yml is read only where one moved.
 */
export function clusterDirectory<Served extends Repository>(
  repositories: readonly Served[],
  { store, log }: { store: Pick<Store, 'clusterOwners' | 'claimCluster'>; log: Log },
): ClusterDirectory<Served> {
  const entries: readonly Entry<Served>[] = repositories.map((repository) => ({
    repository,
    known: null,
    isFailing: false,
  }));
  const owners = new Map<string, Entry<Served>>();
  let looking: Promise<void> | null = null;

  const readHead = async (entry: Entry<Served>): Promise<boolean> => {
    const head = await entry.repository.source(null);
    // A working tree has the same name whatever is in it.
    if (entry.known?.revision === head.revision && head.revision !== 'working tree') return false;
    entry.known = { revision: head.revision, clusters: await clustersOf(head) };
    return true;
  };

  /** Answers whether any head moved. */
  const readHeads = async (): Promise<boolean> => {
    const read = await Promise.allSettled(entries.map(readHead));
    const failed = read.find((each) => each.status === 'rejected');
    if (failed && entries.every(({ known }) => known === null)) throw failed.reason;
    read.forEach((each, at) => {
      const entry = entries[at];
      if (!entry) return;
      const { name } = entry.repository;
      if (each.status === 'rejected' && !entry.isFailing)
        log.warn({ repository: name, error: each.reason as unknown }, 'the clusters of a repository cannot be read');
      entry.isFailing = each.status === 'rejected';
    });
    return read.some((each) => each.status === 'fulfilled' && each.value);
  };

  /** A repository that was never read may name what it had before. */
  const names = (entry: Entry<Served>, cluster: string): boolean => entry.known?.clusters.includes(cluster) ?? true;

  const entryOf = (name: string | undefined): Entry<Served> | undefined =>
    entries.find(({ repository }) => repository.name.toLowerCase() === name?.toLowerCase());

  const claim = async (entry: Entry<Served>, cluster: string, owner: string | null): Promise<Entry<Served>> => {
    const { name } = entry.repository;
    const now = await store.claimCluster(cluster, name, owner);
    if (now !== name) log.warn({ cluster, repository: name, owner: now }, 'the cluster is another repository’s');
    return entryOf(now) ?? entry;
  };

  const assign = async (): Promise<void> => {
    const kept = await store.clusterOwners();
    for (const [cluster, owner] of kept) {
      const entry = entryOf(owner);
      if (entry) owners.set(cluster, entry);
    }
    for (const entry of entries)
      for (const cluster of entry.known?.clusters ?? []) {
        const owner = owners.get(cluster);
        if (owner && names(owner, cluster)) continue;
        owners.set(cluster, await claim(entry, cluster, kept.get(cluster) ?? null));
      }
  };

  const look = (): Promise<void> => {
    looking ??= (async () => {
      if (await readHeads()) await assign();
    })().finally(() => (looking = null));
    return looking;
  };

  const named = (): readonly string[] =>
    [...owners].filter(([cluster, entry]) => names(entry, cluster)).map(([cluster]) => cluster);

  return {
    all: repositories,
    async begin() {
      await readHeads();
      const kept = await store.clusterOwners();
      for (const cluster of new Set(entries.flatMap(({ known }) => known?.clusters ?? []))) {
        const [first, second] = entries.filter(({ known }) => known?.clusters.includes(cluster));
        const owner = entryOf(kept.get(cluster));
        if (first && second && !(owner && names(owner, cluster)))
          throw clusterTaken(cluster, second.repository.name, first.repository.name);
      }
      await assign();
    },
    async clusters() {
      await look();
      return named();
    },
    async of(cluster) {
      const [only, ...more] = repositories;
      if (only && more.length === 0) return only;
      await look();
      const clusters = named();
      const name = cluster ?? (clusters.length === 1 ? clusters[0] : undefined);
      if (name === undefined) throw severalClusters(clusters);
      const entry = owners.get(name);
      if (entry) return entry.repository;
      throw new RedisopsError('UNKNOWN_CLUSTER', `There is no cluster “${name}”.${didYouMean(name, clusters)}`, {
        hint: `The repositories have: ${clusters.join(', ')}.`,
      });
    },
    lastOf: (cluster) => (repositories.length === 1 ? repositories[0] : owners.get(cluster)?.repository),
    async takenFrom(repository, cluster) {
      if (entries.length === 1) return null;
      await look();
      const owner = owners.get(cluster);
      if (!owner || owner.repository.name === repository || !names(owner, cluster)) return null;
      return owner.repository.name;
    },
  };
}

/** @param repository The one that has it not. */
export function clusterTaken(cluster: string, repository: string, owner: string): RedisopsError {
  return new RedisopsError('CLUSTER_TAKEN', `${repository} names the cluster ${cluster}, which ${owner} has.`, {
    hint: `Give it another name in redisops.yml of one of them: all that is kept of a cluster goes by its name.`,
  });
}

function severalClusters(clusters: readonly string[]): RedisopsError {
  return new RedisopsError('USAGE', `There are several clusters: ${clusters.join(', ')}.`, {
    hint: 'Say which one, with --cluster NAME.',
  });
}

/** The ports of all repositories, as those of the one that has the cluster. */
export async function portsAt<Ports extends { repositories: ClusterDirectory }>(
  cluster: string | undefined,
  ports: Ports,
): Promise<Ports & RepositoryPorts> {
  return { ...ports, ...(await ports.repositories.of(cluster)) };
}
