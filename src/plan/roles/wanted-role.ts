import { endpointOf, type Endpoint } from '../../domain/replication/endpoint.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { Pair, Roles } from './topology.ts';

/** The master this node should follow; null for a master, and without replication. */
export function wantedMaster(pair: Pair, roles: Roles, desired: DesiredCluster): Endpoint | null {
  const { master } = roles;
  if (!desired.replication || !master || pair === master) return null;
  return endpointOf(master.desired);
}
