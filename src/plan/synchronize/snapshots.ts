import type { RedisUp } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';
import { upstreamOf } from '../../domain/server/oldest.ts';
import { serverOf } from '../../domain/server/server.ts';
import { readsSnapshotOf } from '../../domain/server/snapshots.ts';
import type { Pair, Roles } from '../roles/topology.ts';

/** Replicas that could not load what their master would send. */
export function olderReplicas({ pairs, master }: Roles): readonly Blocker[] {
  return master ? pairs.flatMap((pair) => (pair === master ? [] : unreadableMaster(pair, master))) : [];
}

/** A link that is up needs no snapshot; one that is made, or made again, may. */
function unreadableMaster(pair: Pair, master: Pair): readonly Blocker[] {
  return pair.redis?.master?.up ? [] : snapshotBlockers(pair, master);
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
      message: `${name} has ${named(own)}, which cannot load a snapshot of ${named(others)} on ${master.desired.name}.`,
      hint: 'A replica must be as new as its master, and of the same kind. Upgrade it, then plan again.',
    },
  ];
}

type Version = Pick<RedisUp, 'version' | 'valkeyVersion'>;

/** Of what runs, or else of the package that a start would run. */
function versionOf({ desired, facts, redis }: Pair): Version | null {
  if (redis) return redis;
  const version = facts.reachable ? upstreamOf(facts.host.package.version) : null;
  if (version === null) return null;
  return serverOf(desired) === 'valkey' ? { version, valkeyVersion: version } : { version };
}

function named({ version, valkeyVersion }: Version): string {
  return valkeyVersion === undefined ? `Redis ${version}` : `Valkey ${valkeyVersion}`;
}
