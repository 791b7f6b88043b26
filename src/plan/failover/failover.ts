import type { DesiredCluster } from '../../domain/desired.ts';
import type { FailoverGoal } from '../../domain/goal.ts';
import type { LastLook } from '../../domain/health/last-look.ts';
import type { Blocker, Plan } from '../../domain/plan.ts';
import { clusterBlockers, standingBlockers } from '../guards/cluster.ts';
import { unreadBlockers } from '../guards/reading.ts';
import { movedBySentinel } from '../hand-over/through-sentinel.ts';
import type { Roles } from '../roles/topology.ts';
import { planAcceptHistory } from './accept-history.ts';
import { planLostMaster } from './lost-master.ts';
import { planPlanned } from './planned.ts';
import { maySetAside, withSentinelsAside } from './without-sentinel.ts';

export type FailoverDraft = Pick<Plan, 'waves' | 'blockers' | 'risks' | 'candidates'>;

/** What is known from before. */
export interface Seen {
  /** The master before an interrupted run. */
  previousMaster: string | null;
  /** The dead master of an interrupted run. */
  lost?: string | undefined;
  /** Each node as it was seen last. */
  nodes: LastLook['nodes'];
}

/**
 * Moves the master’s role for good. Git’s nomination is only for a cluster without a master, so no later run moves it
 * back.
 */
export function planFailover(goal: FailoverGoal, desired: DesiredCluster, roles: Roles, seen: Seen): FailoverDraft {
  const plain = draftOf(goal, desired, roles, seen);
  const isAside = maySetAside(goal, desired, roles);
  const draft = isAside && plain.blockers.length === 0 ? withSentinelsAside(goal, plain, roles) : plain;
  const guards = [...(isAside ? [] : watchedBlockers(goal, roles)), ...withoutReplication(desired)];
  return { ...draft, blockers: [...guards, ...draft.blockers] };
}

function draftOf(goal: FailoverGoal, desired: DesiredCluster, roles: Roles, seen: Seen): FailoverDraft {
  switch (goal.mode) {
    case 'planned': {
      const state = [...unreadBlockers(roles.pairs), ...roles.blockers, ...clusterBlockers(desired, roles)];
      const draft = planPlanned(goal, desired, roles, seen.previousMaster);
      return { ...draft, blockers: [...state, ...draft.blockers] };
    }
    case 'lost-master':
      return guarded(planLostMaster(goal, roles, seen), desired, roles);
    case 'accept-history':
      return guarded(planAcceptHistory(goal, desired, roles), desired, roles);
  }
}

/** These two are the way out of what blocks every other plan. */
function guarded(draft: FailoverDraft, desired: DesiredCluster, roles: Roles): FailoverDraft {
  return { ...draft, blockers: [...standingBlockers(desired, roles), ...draft.blockers] };
}

/**
 * Roles of a watched cluster change through Sentinel only. A dead master is Sentinel’s to replace, and Sentinels that
 * are not read cannot be asked.
 */
function watchedBlockers({ mode }: FailoverGoal, roles: Roles): readonly Blocker[] {
  const by = movedBySentinel(roles);
  if (by === 'nobody' || (by === 'sentinel' && mode === 'planned')) return [];
  const watched = roles.pairs.filter(({ redis }) => redis?.watchedBySentinel);
  const hint =
    by === 'unknown'
      ? 'redisops reads the Sentinels on the hosts of the inventory. A `SENTINEL FAILOVER` by hand loses acknowledged writes.'
      : 'Sentinel promotes a replica by itself. Where it does not, `redisops doctor` says why.';
  return watched.map(({ desired: { name } }) => {
    const message = `Sentinel watches ${name}: its role changes through Sentinel only.`;
    return { code: 'SENTINEL_WATCHES', node: name, message, hint };
  });
}

function withoutReplication({ replication }: DesiredCluster): readonly Blocker[] {
  if (replication) return [];
  const hint = 'Set redis_enable_replication: true and apply it first.';
  return [{ code: 'NO_CANDIDATE', node: null, message: 'Git asks for no replication: no node can take over.', hint }];
}
