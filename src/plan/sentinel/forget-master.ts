import type { ForgetMaster } from '../../domain/action.ts';
import { namedBy, type Watcher } from '../../domain/health/sentinel-watch.ts';
import type { Identities } from '../../domain/replication/identity.ts';

/** Before roles change without Sentinel: it would change them back. */
export function forgetMaster(watcher: Watcher, identities: Identities): ForgetMaster {
  const { node, facts, master } = watcher;
  return {
    kind: 'forget-master',
    node,
    summary: `Have the Sentinel on ${node} stop watching ${namedBy(watcher, identities)} (SENTINEL REMOVE)`,
    disruptive: true,
    reason: 'It would make the nodes follow that one again. Until it watches the new master, it starts no failover.',
    port: facts.port,
    masterName: master.name,
  };
}
