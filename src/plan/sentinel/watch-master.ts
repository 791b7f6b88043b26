import type { WatchMaster } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import { endpointOf } from '../../domain/replication/endpoint.ts';

/** One Sentinel that names the wrong master, or none. SENTINEL RESET would not change the address. */
export function watchMaster(
  node: string,
  { port, masterName }: { port: number; masterName: string },
  master: DesiredNode,
  known: { others: number; replicas: number },
): WatchMaster {
  return {
    kind: 'watch-master',
    node,
    summary: `Have the Sentinel on ${node} watch ${master.name} (SENTINEL MONITOR)`,
    disruptive: true,
    reason: 'REMOVE, MONITOR and SET on this Sentinel only. Meanwhile a failover has one voter less.',
    port,
    masterName,
    master: endpointOf(master),
    ...known,
  };
}
