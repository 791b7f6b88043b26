import { RedisopsError } from '../../domain/error.ts';
import { didYouMean } from '../../domain/text/nearest.ts';
import type { Repository, RepositoryPorts } from './repository.ts';
import type { Log } from '../../ports/log.ts';
import type { Branches } from '../../ports/store.ts';
import { readHeads, RepositoryHead } from './repository-head.ts';

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

type Owners = Pick<Branches, 'clusterOwners' | 'claimCluster'>;

/**
 * The first repository that names a cluster has it, until it names it no more: that is kept in the store, so that bot and
 * workers agree, over restarts, too. Heads are asked for by their ETag, and redisops.yml is read only where one moved.
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

/** @param repository The one that has it not. */
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

/** The ports of all repositories, as those of the one that has the cluster. */
export async function portsAt<Ports extends { repositories: ClusterDirectory }>(
  cluster: string | undefined,
  ports: Ports,
): Promise<Ports & RepositoryPorts> {
  return { ...ports, ...(await ports.repositories.of(cluster)) };
}
