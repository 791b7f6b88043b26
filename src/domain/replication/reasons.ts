import type { Code } from '../code.ts';
import type { Fault } from '../verdict.ts';
import type { Endpoint } from './endpoint.ts';
import type { Identities } from './identity.ts';
import { isConnected, isSilent } from './in-sync.ts';
import type { ReplicationView } from './view.ts';

/** A replica acknowledges its offset once a second. In seconds. */
const MOST_LAG_SECONDS = 5;

/** A node and its view of replication. */
export interface Seen {
  name: string;
  view: ReplicationView;
}

/** Why these nodes are not the one master of a cluster; empty if there is exactly one. */
export function masterFaults(masters: readonly string[], isAllRead: boolean): readonly Fault[] {
  if (masters.length === 1) return [];
  if (masters.length === 0) {
    const message = isAllRead ? 'No node is a master.' : 'No node that can be read is a master.';
    return [{ verdict: 'down', code: 'MASTER_UNKNOWN', node: null, message }];
  }
  const message = `${masters.length} nodes say that they are the master: ${masters.join(', ')}.`;
  return [{ verdict: 'degraded', code: 'MASTER_AMBIGUOUS', node: null, message }];
}

/**
 * Faults between a replica and its master, from both views: a master’s “online” alone proves nothing.
 * @param limitSeconds `silenceLimit` of the master.
 */
export function replicaFaults(
  { name, view }: Seen,
  { name: masterName, view: master }: Seen,
  identities: Identities,
  limitSeconds: number,
): readonly Fault[] {
  const fault = (code: Code, message: string): Fault => ({ verdict: 'degraded', code, node: name, message });
  const { master: link } = view;
  if (!link) return [fault('REPLICA_LINK_DOWN', `${name} has no master.`)];
  if (identities.nodeAt(link, name) !== masterName)
    return [fault('REPLICA_LINK_DOWN', `${name} follows ${described(link, name, identities)}, not ${masterName}.`)];
  if (link.syncInProgress)
    return [fault('REPLICA_LINK_DOWN', `${name} is still receiving a full synchronization from ${masterName}.`)];
  if (!isConnected(link)) return [fault('REPLICA_LINK_DOWN', `${name} has no link to ${masterName} (${link.state}).`)];

  const listed = identities.listedAs(name, master.replicas, masterName);
  const lag = listed?.lagSeconds ?? 0;
  const faults: Fault[] = [];
  if (isSilent(link, limitSeconds))
    faults.push(
      fault('REPLICA_LAGS', `${name} has heard nothing from ${masterName} ${silenceOf(link.lastIoSeconds)}.`),
    );
  if (!listed) faults.push(fault('REPLICA_NOT_SEEN', `${masterName} does not list ${name} as its replica.`));
  else if (listed.state !== 'online')
    faults.push(fault('REPLICA_NOT_SEEN', `${masterName} lists ${name} as ${listed.state}, not as online.`));
  if (lag > MOST_LAG_SECONDS) faults.push(fault('REPLICA_LAGS', `${name} has acknowledged nothing for ${lag} s.`));
  // Normal for a moment after a diskless synchronization.
  if (listed?.offset === 0 && master.offset > 0 && lag > 1)
    faults.push(fault('OFFSET_STANDS_STILL', `${masterName} lists ${name} as online, but its offset is 0.`));
  if (view.replicationId !== master.replicationId)
    faults.push(fault('REPLICATION_ID_DIFFERS', `${name} has a different replication ID than ${masterName}.`));
  return faults;
}

/** A loading Redis answers no clients. A replica loading its master’s data counts as synchronizing instead. */
export function loadingFaults({ name, view }: Seen): readonly Fault[] {
  if (!view.loading || view.master?.syncInProgress) return [];
  const message = `Redis on ${name} is loading its data: it answers nobody until then.`;
  return [{ verdict: 'degraded', code: 'REDIS_UNREADABLE', node: name, message }];
}

function described(endpoint: Endpoint, reader: string, identities: Identities): string {
  const found = identities.identify(endpoint, reader);
  const written = `${endpoint.host}:${endpoint.port}`;
  switch (found.kind) {
    case 'node':
      return found.name;
    case 'ambiguous':
      return `${written}, which could be ${found.names.join(' or ')}`;
    case 'unknown':
      return written;
  }
}

function silenceOf(seconds: number | null): string {
  return seconds === null || seconds < 0 ? 'yet' : `for ${seconds} s`;
}
