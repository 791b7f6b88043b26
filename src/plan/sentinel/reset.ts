import type { ResetSentinel } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { Watcher } from '../../domain/health/sentinel-watch.ts';
import { endpointOf } from '../../domain/replication/endpoint.ts';
import { listed } from '../../domain/text/listed.ts';

/** One Sentinel forgets what no longer exists. */
export function resetSentinel(
  { node, facts, master: { name } }: Watcher,
  ghosts: readonly string[],
  master: DesiredNode,
  known: { others: number; replicas: number },
): ResetSentinel {
  return {
    kind: 'reset-sentinel',
    node,
    summary: `Have the Sentinel on ${node} forget ${listed(ghosts)} (SENTINEL RESET)`,
    disruptive: true,
    reason:
      'It forgets everything but the master, and finds what exists within 10 s. Meanwhile a failover has one voter less.',
    port: facts.port,
    masterName: name,
    master: endpointOf(master),
    ghosts,
    ...known,
  };
}
