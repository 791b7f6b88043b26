import type { Blocker, Risk } from '../../domain/plan.ts';
import { upstreamOf } from '../../domain/server/oldest.ts';
import { serverOf } from '../../domain/server/server.ts';
import { readsSnapshotOf } from '../../domain/server/snapshots.ts';
import { namedVersion, type RunningVersion } from '../../domain/server/version.ts';
import type { Pair, Roles } from '../roles/topology.ts';

/** Replicas that could not load what their master would send. */
export function olderReplicas({ pairs, master }: Roles): readonly Blocker[] {
  return master ? pairs.flatMap((pair) => (pair === master ? [] : unreadableMaster(pair, master))) : [];
}

/** A link that is up needs no snapshot; one that is made, or made again, may. */
function unreadableMaster(pair: Pair, master: Pair): readonly Blocker[] {
  return pair.redis?.master?.up ? [] : snapshotBlockers(pair, master);
}

/**
 * The master’s role moves, and every other node links to the new master, some of them perhaps by a full synchronization.
 * Replicas are upgraded before their master: an older one blocks the move. The old master is the last to be upgraded, after
 * it has given its role away.
 */
export function olderFollowers(
  to: Pair,
  from: Pair,
  { pairs }: Roles,
): { blockers: readonly Blocker[]; risks: readonly Risk[] } {
  const others = pairs.filter((pair) => pair !== to && pair !== from);
  return { blockers: others.flatMap((pair) => snapshotBlockers(pair, to)), risks: snapshotRisks(from, to) };
}

/** For a node that can most likely follow without a snapshot: it shares the master’s history. */
export function snapshotRisks(pair: Pair, master: Pair): readonly Risk[] {
  return snapshotBlockers(pair, master).map(({ code, node, message }) => ({
    code,
    node,
    message: `${message} It follows only as long as the replication backlog covers what it missed. Upgrade it next.`,
  }));
}

/** A full synchronization would fail at the replica, again and again. */
export function snapshotBlockers(pair: Pair, master: Pair): readonly Blocker[] {
  const [own, others] = [versionOf(pair), versionOf(master)];
  if (!own || !others || readsSnapshotOf(own, others)) return [];
  const { name } = pair.desired;
  return [
    {
      code: 'REPLICA_TOO_OLD',
      node: name,
      message: `${name} has ${namedVersion(own)}, which cannot load a snapshot of ${namedVersion(others)} on ${master.desired.name}.`,
      hint: 'A replica must be as new as its master, and of the same kind. Upgrade it, then plan again.',
    },
  ];
}

/** Of what runs, or else of the package that a start would run. */
function versionOf({ desired, facts, redis }: Pair): RunningVersion | null {
  if (redis) return redis;
  const version = facts.reachable ? upstreamOf(facts.host.package.version) : null;
  if (version === null) return null;
  return serverOf(desired) === 'valkey' ? { version, valkeyVersion: version } : { version };
}
