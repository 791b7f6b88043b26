import { endpointOf, type Endpoint } from '../../domain/replication/endpoint.ts';
import { presentConf } from '../../domain/facts.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { Pair, Roles } from './topology.ts';

/** The master this node should follow; null for a master, and without replication. */
export function wantedMaster(pair: Pair, roles: Roles, desired: DesiredCluster): Endpoint | null {
  const { master } = roles;
  if (!desired.replication || !master || pair === master) return null;
  return endpointOf(master.desired);
}

/** As the node’s redis.conf names that master already: a name that leads to it is no difference. */
export function masterInFile(
  { desired, facts }: Pair,
  master: Endpoint | null,
  { identities }: Roles,
): Endpoint | null {
  const filed = facts.reachable ? (presentConf(facts.host, desired.redisConf)?.replicaof ?? null) : null;
  return identities.isSame(filed, master, desired.name) ? filed : master;
}
