import type { DesiredNode } from '../domain/desired.ts';
import type { Fault } from './fault.ts';
import type { Identities } from '../domain/replication/identity.ts';
import type { ReplicationView } from '../domain/replication/view.ts';
import { identitiesIn, type FailedLook, type Look, type ReadLook } from './look-at.ts';

/** Beyond the ping that the master sends each `repl-ping-replica-period` seconds. */
const SILENCE_BEYOND_PING_SECONDS = 5;
const DEFAULT_PING_SECONDS = 10;
/** The master samples once a second. */
const MOST_LAG_SECONDS = 5;

export interface BothEnds {
  /** The one node that says it is master; null where none does, or several do. */
  master: ReadLook | null;
  replicas: readonly ReadLook[];
  faults: readonly Fault[];
}

/** What the master says of its replicas, beside what they say themselves. A master’s word alone proves nothing. */
export function bothEnds(looks: readonly Look[]): BothEnds {
  const read = looks.filter((look) => look.read);
  const masters = read.filter(({ view }) => view.role === 'master');
  const replicas = read.filter(({ view }) => view.role === 'replica');
  const unreadable = looks.flatMap((look) => (look.read ? [] : [unreadableFault(look)]));
  const [master] = masters;
  if (!master || masters.length > 1)
    return { master: null, replicas, faults: [...unreadable, masterFault(masters, unreadable.length)] };
  const loading = master.view.loading ? [downFault(master.node, 'is loading its data')] : [];
  const identities = identitiesIn(looks);
  const faults = replicas.flatMap((replica) => replicaFaults(replica, master, identities));
  return { master, replicas, faults: [...unreadable, ...loading, ...faults] };
}

/** A Redis that does not run is known to be down; whatever else cannot be read may be anything. */
export function unreadableFault({ node, error }: FailedLook): Fault {
  const verdict = error.code === 'REDIS_UNREACHABLE' ? 'degraded' : 'unknown';
  return { verdict, code: error.code, node: node.name, message: error.message };
}

function masterFault(masters: readonly ReadLook[], unreadable: number): Fault {
  const names = masters.map(({ node }) => node.name).join(' and ');
  if (masters.length > 1)
    return { verdict: 'down', code: 'MASTER_AMBIGUOUS', node: null, message: `${names} all say they are master.` };
  const message = unreadable === 0 ? 'No node is master.' : 'No node that can be read is master.';
  return { verdict: 'down', code: 'MASTER_UNKNOWN', node: null, message };
}

function downFault({ name }: DesiredNode, what: string): Fault {
  return { verdict: 'down', code: 'WRITES_REFUSED', node: name, message: `${name} ${what}.` };
}

function replicaFaults(
  { node, view }: ReadLook,
  { node: master, view: seenThere }: ReadLook,
  identities: Identities,
): Fault[] {
  const down = linkFault(node, view, master, identities);
  if (down) return [degraded('REPLICA_LINK_DOWN', node, down)];
  const faults: Fault[] = [];
  const listed = identities.listedAs(node.name, seenThere.replicas, master.name);
  if (listed?.state !== 'online') {
    const as = listed ? `as ${listed.state}` : 'not at all';
    faults.push(degraded('REPLICA_NOT_SEEN', node, `is listed by ${master.name} ${as}.`));
  }
  if (listed?.lagSeconds && listed.lagSeconds > MOST_LAG_SECONDS)
    faults.push(degraded('REPLICA_LAGS', node, `acknowledged nothing for ${listed.lagSeconds} s.`));
  if (view.replicationId !== seenThere.replicationId)
    faults.push(degraded('REPLICATION_ID_DIFFERS', node, `has another history than ${master.name}.`));
  return faults;
}

/** What is wrong with the link, seen from the replica; null when it is up. */
function linkFault(
  node: DesiredNode,
  { master: link, loading }: ReplicationView,
  master: DesiredNode,
  identities: Identities,
): string | null {
  if (!link) return 'has no master.';
  if (identities.nodeAt(link, node.name) !== master.name)
    return `follows ${link.host}:${link.port} and not ${master.name}.`;
  if (link.syncInProgress) return 'is still receiving a full synchronisation.';
  if (!link.up || link.state !== 'connected') return `has no link to ${master.name} (${link.state}).`;
  if (loading) return 'is loading its data.';
  const silence = pingSeconds(node) + SILENCE_BEYOND_PING_SECONDS;
  if (link.lastIoSeconds === null || link.lastIoSeconds < 0) return `never heard ${master.name}.`;
  if (link.lastIoSeconds > silence) return `heard nothing from ${master.name} for ${link.lastIoSeconds} s.`;
  return null;
}

function pingSeconds(node: DesiredNode): number {
  return Number(directive(node, 'repl-ping-replica-period') ?? DEFAULT_PING_SECONDS);
}

function directive({ redisConf }: DesiredNode, wanted: string): string | undefined {
  return redisConf.content.get(wanted) || undefined;
}

function degraded(code: Fault['code'], { name }: DesiredNode, what: string): Fault {
  return { verdict: 'degraded', code, node: name, message: `${name} ${what}` };
}
