import { addressesOf, clustersOf } from '../../desired/questions.ts';
import { asRedisopsError, RedisopsError } from '../../domain/error.ts';
import type { Secret } from '../../domain/secret.ts';
import { secretsOf } from '../../operation/look.ts';
import type { ConfigSource } from '../../ports/git.ts';
import type { Log } from '../../ports/log.ts';
import type { Repository } from './repository.ts';

export interface ElsewherePorts {
  /** The repository that has the cluster. */
  source: Repository['source'];
  /** All that are served. */
  repositories?: { all: readonly Repository[] };
  vaultPassword?: Secret;
  log: Log;
}

/**
 * A host belongs to one cluster, in all repositories together: merge rights in one give none over another’s hosts. A
 * repository that cannot be read now holds nobody up.
 * @throws CLUSTER_TAKEN
 */
export async function refuseHostsElsewhere(
  planned: ConfigSource,
  cluster: string,
  ports: ElsewherePorts,
): Promise<void> {
  const { source, repositories, log } = ports;
  const all = repositories?.all ?? [];
  if (all.length < 2) return;
  const others = all.filter((each) => each.source !== source);
  const secrets = secretsOf(ports);
  const { addresses } = await addressesOf(planned, cluster, secrets);
  for (const other of others) {
    const found = holderOf(addresses, await hostsOf(other, secrets, log));
    if (found) throw hostTaken(cluster, found.address, `${found.cluster} of ${other.name}`);
  }
}

type Holders = ReadonlyMap<string, readonly string[]>;

async function hostsOf({ name, source }: Repository, secrets: { vaultPassword?: Secret }, log: Log): Promise<Holders> {
  try {
    const head = await source(null);
    const found = new Map<string, readonly string[]>();
    for (const cluster of await clustersOf(head))
      found.set(cluster, (await addressesOf(head, cluster, secrets)).addresses);
    return found;
  } catch (thrown) {
    log.warn({ repository: name, error: asRedisopsError(thrown) }, 'the hosts of a repository cannot be read');
    return new Map();
  }
}

function holderOf(addresses: readonly string[], holders: Holders): { cluster: string; address: string } | null {
  for (const [cluster, taken] of holders) {
    const address = addresses.find((each) => taken.includes(each));
    if (address !== undefined) return { cluster, address };
  }
  return null;
}

function hostTaken(cluster: string, address: string, holder: string): RedisopsError {
  return new RedisopsError('CLUSTER_TAKEN', `The host ${address} of ${cluster} is also a host of ${holder}.`, {
    hint: 'A host belongs to one cluster. Remove it from one of the two inventories.',
  });
}
