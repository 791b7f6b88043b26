import type { DesiredCluster } from '../../domain/desired.ts';
import type { FailoverGoal } from '../../domain/goal.ts';
import type { Blocker, Plan } from '../../domain/plan.ts';
import { clusterBlockers } from '../guards/cluster.ts';
import { unreadBlockers } from '../guards/reading.ts';
import type { Pair, Roles } from '../roles/topology.ts';
import { planPlanned } from './planned.ts';

export type FailoverDraft = Pick<Plan, 'waves' | 'blockers' | 'risks' | 'candidates'>;

/**
 * Moves the master’s role for good. Git’s nomination is only for a cluster without a master, so no later run moves it
 * back. `previousMaster`: the master before an interrupted run.
 */
export function planFailover(
  goal: FailoverGoal,
  desired: DesiredCluster,
  roles: Roles,
  previousMaster: string | null,
): FailoverDraft {
  const draft = planPlanned(goal, desired, roles, previousMaster);
  const guards = [...watchedBlockers(roles.pairs), ...withoutReplication(desired)];
  const state = [...unreadBlockers(roles.pairs), ...roles.blockers, ...clusterBlockers(desired, roles)];
  return { ...draft, blockers: [...guards, ...state, ...draft.blockers] };
}

/** A watched cluster takes another road, by Sentinel: until that is built, its roles are left alone. */
function watchedBlockers(pairs: readonly Pair[]): readonly Blocker[] {
  return pairs.flatMap(({ desired: { name }, redis }): readonly Blocker[] => {
    if (!redis?.watchedBySentinel) return [];
    const message = `Sentinel watches ${name}: its role changes through Sentinel only.`;
    const hint = 'Remove the cluster from Sentinel first. A `SENTINEL FAILOVER` by hand loses acknowledged writes.';
    return [{ code: 'SENTINEL_WATCHES', node: name, message, hint }];
  });
}

function withoutReplication({ replication }: DesiredCluster): readonly Blocker[] {
  if (replication) return [];
  const hint = 'Set redis_enable_replication: true and apply it first.';
  return [{ code: 'NO_CANDIDATE', node: null, message: 'Git asks for no replication: no node can take over.', hint }];
}
