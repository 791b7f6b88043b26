import type { Identities } from '../domain/replication/identity.ts';
import { isInSync, silenceLimit } from '../domain/replication/in-sync.ts';
import { loadingFaults, masterFaults, replicaFaults, type Seen } from '../domain/replication/reasons.ts';
import type { Fault } from '../domain/verdict.ts';
import { identitiesIn, type FailedLook, type Look, type ReadLook } from './look-at.ts';

export interface BothEnds {
  /** The only node that claims to be master; null if none or several do. */
  master: ReadLook | null;
  replicas: readonly ReadLook[];
  /** The replicas that a write will reach. */
  inSync: readonly ReadLook[];
  faults: readonly Fault[];
}

/** Compares the master’s view of its replicas with their own. */
export function bothEnds(looks: readonly Look[]): BothEnds {
  const read = looks.filter((look) => look.read);
  const replicas = read.filter(({ view }) => view.role === 'replica');
  const masters = read.filter(({ view }) => view.role === 'master');
  const faults = [
    ...looks.flatMap((look) => (look.read ? [] : [unreadableFault(look)])),
    ...read.flatMap((look) => loadingFaults(seenBy(look))),
  ];
  const [master, ...others] = masters;
  if (!master || others.length > 0) {
    const names = masters.map(({ node }) => node.name);
    // Without exactly one master, no write can prove anything.
    const unproven = masterFaults(names, read.length === looks.length).map((fault): Fault => ({
      ...fault,
      verdict: 'down',
    }));
    return { master: null, replicas, inSync: [], faults: [...faults, ...unproven] };
  }
  const identities: Identities = identitiesIn(looks);
  const limit = silenceLimit(master.settings);
  const ofReplicas = replicas.flatMap((replica) => replicaFaults(seenBy(replica), seenBy(master), identities, limit));
  const inSync = replicas.filter(
    ({ node, view }) => isInSync(view, limit) && identities.nodeAt(view.master, node.name) === master.node.name,
  );
  return { master, replicas, inSync, faults: [...faults, ...ofReplicas] };
}

/** A stopped Redis is known to be down; any other unreadable one may be in any state. */
export function unreadableFault({ node, error }: FailedLook): Fault {
  const verdict = error.code === 'REDIS_UNREACHABLE' ? 'degraded' : 'unknown';
  return { verdict, code: error.code, node: node.name, message: error.message };
}

function seenBy({ node: { name }, view }: ReadLook): Seen {
  return { name, view };
}
