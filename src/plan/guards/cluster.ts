import type { DesiredCluster } from '../../domain/desired.ts';
import type { Blocker } from '../../domain/plan.ts';
import { membersOf } from '../../domain/members.ts';
import { isServing, masterLost } from '../../domain/replication/no-one-master.ts';
import { oldDataBlockers } from '../restart/start-data.ts';
import { disagreement } from '../sentinel/sentinels.ts';
import { follows, type Pair, type Roles } from '../roles/topology.ts';

/** Blocks every change of the cluster. */
export function clusterBlockers(desired: DesiredCluster, roles: Roles): readonly Blocker[] {
  return [
    ...standingBlockers(desired, roles),
    ...disagreement(desired, roles),
    ...masterDown(desired, roles),
    ...underWay(roles),
  ];
}

/** Those that no failover lifts. */
export function standingBlockers(desired: DesiredCluster, roles: Roles): readonly Blocker[] {
  return [...sentinelAsked(desired), ...replicationOff(desired, roles)];
}

/** Sentinel fails a master over to its replicas. */
function sentinelAsked({ sentinel, replication }: DesiredCluster): readonly Blocker[] {
  if (!sentinel || replication) return [];
  return [
    {
      code: 'SENTINEL_UNSAFE',
      node: null,
      message: 'Git turns on Sentinel without replication: there would be no replica to fail over to.',
      hint: 'Set redis_enable_replication: true, or redis_enable_sentinel: false.',
    },
  ];
}

function replicationOff({ replication }: DesiredCluster, { pairs }: Roles): readonly Blocker[] {
  const replicas = replication ? [] : pairs.filter(({ redis }) => redis?.role === 'replica');
  if (replicas.length === 0) return [];
  return [
    {
      code: 'REPLICATION_OFF_WITH_REPLICAS',
      node: null,
      message: `Git turns replication off, but replicas are attached: ${replicas.map(({ desired }) => desired.name).join(', ')}.`,
      hint: 'Taking replication down is not available yet. Set redis_enable_replication: true, or detach them by hand.',
    },
  ];
}

/**
 * A master that returns with less data than its replicas (none, without persistence) would make them drop the rest. A
 * replica with a link to it, or with the same history, cannot lose anything.
 */
export function masterDown({ replication }: DesiredCluster, roles: Roles): readonly Blocker[] {
  const { pairs, master } = roles;
  if (!replication || !master) return [];
  const source = isStopped(master) ? null : master.redis;
  const holding = pairs.filter((pair) => {
    const { redis } = pair;
    if (redis?.role !== 'replica' || redis.keys <= (source?.keys ?? 0)) return false;
    // Nodes are not read at the same instant: in sync, one may have a key that the other did not have yet.
    if (redis.replicationId !== source?.replicationId) return true;
    return source.keys === 0 && !(redis.master?.up === true && follows(pair, master));
  });
  if (holding.length === 0) return oldDataBlockers(master, roles);
  const members = membersOf(pairs.map(({ facts }) => facts));
  const lost = members.find(({ name }) => name === master.desired.name);
  // An unreadable node already blocks the plan.
  return lost && !isServing(lost, members) ? [masterLost(lost, members)] : [];
}

/** A process that is not the unit’s is stopped if it is empty. One with keys blocks the plan. */
function isStopped({ facts, redis }: Pair): boolean {
  return facts.reachable && redis !== null && redis.keys === 0 && redis.processId !== facts.host.unit.mainPid;
}

function underWay({ pairs }: Roles): readonly Blocker[] {
  return pairs.flatMap(({ desired, redis }): readonly Blocker[] => {
    const hint = 'Wait until it ends, then ask again.';
    if (redis?.failoverInProgress)
      return [{ code: 'MASTER_UNKNOWN', node: desired.name, message: `${desired.name} is in a failover.`, hint }];
    if (redis?.loading && !redis.master?.syncInProgress)
      return [{ code: 'REDIS_UNREADABLE', node: desired.name, message: `${desired.name} is loading its data.`, hint }];
    return [];
  });
}
