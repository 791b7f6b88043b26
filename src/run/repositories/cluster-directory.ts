import { RedisopsError } from '../../domain/error.ts';
import { didYouMean } from '../../domain/text/nearest.ts';
import type { Repository, RepositoryPorts } from './repository.ts';
import type { Log } from '../../ports/log.ts';
import type { Branches } from '../../ports/store.ts';
import { readHeads, RepositoryHead } from './repository-head.ts';

/**
 * Which repository owns which cluster. A cluster’s name belongs to one repository, since all records use it as their
 * key.
 */
export interface ClusterDirectory<Served extends Repository = Repository> {
  readonly all: readonly Served[];
  /**
   * Must be awaited before anything is served: a name that two repositories introduce at once has no owner.
   * If no repository can be read, the first look that succeeds does the same.
   * @throws CLUSTER_TAKEN; if no repository can be read, what reading it throws.
   */
  begin(): Promise<void>;
  /** As of the branches’ heads; an unreadable repository keeps its previous clusters. */
  clusters(): Promise<readonly string[]>;
  /**
   * The repository that owns the cluster, or owned it last; for undefined the only repository, or that of the only
   * cluster.
   * @throws UNKNOWN_CLUSTER, listing the clusters; USAGE if there are several and none was named.
   */
  of(cluster: string | undefined): Promise<Served>;
  /** Like `of`, for a cluster returned by `clusters`, without another look. */
  lastOf(cluster: string): Served | undefined;
  /** The other repository that owns the cluster; null if none does. */
  takenFrom(repository: string, cluster: string): Promise<string | null>;
}

type Owners = Pick<Branches, 'clusterOwners' | 'claimCluster'>;

/**
 * The first repository to name a cluster owns it until it stops naming it; the store keeps this, so that bot and
 * workers agree across restarts. Heads are polled by ETag, and redisops.yml is read only after one has moved.
 */
export function clusterDirectory<Served extends Repository>(
  repositories: readonly Served[],
  ports: { store: Owners; log: Log },
): ClusterDirectory<Served> {
  return new Directory(repositories, ports.store, ports.log);
}

class Directory<Served extends Repository> implements ClusterDirectory<Served> {
  readonly all: readonly Served[];
  readonly #heads: readonly RepositoryHead<Served>[];
  readonly #owners = new Map<string, RepositoryHead<Served>>();
  readonly #store: Owners;
  readonly #log: Log;
  #looking: Promise<void> | null = null;
  #hasBegun = false;

  constructor(repositories: readonly Served[], store: Owners, log: Log) {
    this.all = repositories;
    this.#heads = repositories.map((repository) => new RepositoryHead(repository));
    this.#store = store;
    this.#log = log;
  }

  async begin(): Promise<void> {
    await readHeads(this.#heads, this.#log);
    const kept = await this.#store.clusterOwners();
    for (const cluster of new Set(this.#heads.flatMap(({ clusters }) => clusters))) {
      const [first, second] = this.#heads.filter(({ clusters }) => clusters.includes(cluster));
      if (first && second && !this.#headOf(kept.get(cluster))?.mayName(cluster))
        throw clusterTaken(cluster, second.repository.name, first.repository.name);
    }
    await this.#assign();
    this.#hasBegun = true;
  }

  async clusters(): Promise<readonly string[]> {
    await this.#look();
    return [...this.#owners].filter(([cluster, owner]) => owner.mayName(cluster)).map(([cluster]) => cluster);
  }

  async of(cluster: string | undefined): Promise<Served> {
    const [only, ...more] = this.all;
    if (only && more.length === 0) return only;
    const clusters = await this.clusters();
    const name = cluster ?? (clusters.length === 1 ? clusters[0] : undefined);
    if (name === undefined) throw severalClusters(clusters);
    const owner = this.#owners.get(name);
    if (owner) return owner.repository;
    throw new RedisopsError('UNKNOWN_CLUSTER', `There is no cluster “${name}”.${didYouMean(name, clusters)}`, {
      hint: `The repositories have: ${clusters.join(', ')}.`,
    });
  }

  lastOf(cluster: string): Served | undefined {
    return this.all.length === 1 ? this.all[0] : this.#owners.get(cluster)?.repository;
  }

  async takenFrom(repository: string, cluster: string): Promise<string | null> {
    if (this.all.length === 1) return null;
    await this.#look();
    const owner = this.#owners.get(cluster);
    if (!owner || owner.repository.name === repository || !owner.mayName(cluster)) return null;
    return owner.repository.name;
  }

  #look(): Promise<void> {
    this.#looking ??= (async () => {
      if (!this.#hasBegun) return this.begin();
      if (await readHeads(this.#heads, this.#log)) await this.#assign();
    })().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #assign(): Promise<void> {
    const kept = await this.#store.clusterOwners();
    for (const [cluster, name] of kept) {
      const owner = this.#headOf(name);
      if (owner) this.#owners.set(cluster, owner);
    }
    for (const head of this.#heads)
      for (const cluster of head.clusters)
        if (!this.#owners.get(cluster)?.mayName(cluster))
          this.#owners.set(cluster, await this.#claim(head, cluster, kept.get(cluster) ?? null));
  }

  async #claim(head: RepositoryHead<Served>, cluster: string, from: string | null): Promise<RepositoryHead<Served>> {
    const { name } = head.repository;
    const owner = await this.#store.claimCluster(cluster, name, from);
    if (owner !== name) this.#log.warn({ cluster, repository: name, owner }, 'the cluster is another repository’s');
    return this.#headOf(owner) ?? head;
  }

  #headOf(name: string | undefined): RepositoryHead<Served> | undefined {
    return this.#heads.find(({ repository }) => repository.name.toLowerCase() === name?.toLowerCase());
  }
}

/** @param repository The one that does not own it. */
export function clusterTaken(cluster: string, repository: string, owner: string): RedisopsError {
  return new RedisopsError('CLUSTER_TAKEN', `${repository} names the cluster ${cluster}, which ${owner} has.`, {
    hint: `Rename the cluster in one of the two redisops.yml files: everything stored is keyed by its name.`,
  });
}

function severalClusters(clusters: readonly string[]): RedisopsError {
  return new RedisopsError('USAGE', `There are several clusters: ${clusters.join(', ')}.`, {
    hint: 'Name one with --cluster NAME.',
  });
}

/** The ports for all repositories, narrowed to the one that owns the cluster. */
export async function portsAt<Ports extends { repositories: ClusterDirectory }>(
  cluster: string | undefined,
  ports: Ports,
): Promise<Ports & RepositoryPorts> {
  return { ...ports, ...(await ports.repositories.of(cluster)) };
}
