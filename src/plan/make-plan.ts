import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import type { LastLook } from '../domain/health/last-look.ts';
import type { Goal } from '../domain/goal.ts';
import type { Plan } from '../domain/plan.ts';
import { planConverge } from './converge/converge.ts';
import { digestOf } from './digest.ts';
import { intrusionBlockers, withoutFixes } from './guards/intrusion.ts';
import { planDrain, planUndrain } from './drain/drain.ts';
import { planDrill } from './drill/drill.ts';
import { planFailover } from './failover/failover.ts';
import { newNodeRisks } from './guards/new-nodes.ts';
import { planPause, planResume } from './sentinel/pauses.ts';
import { preflight } from './preflight/preflight.ts';
import { planPurge } from './purge/purge.ts';
import { planResync } from './synchronize/resync.ts';
import { rolesOf, type Roles } from './roles/topology.ts';

/**
 * The plan for a goal, from the desired state and the facts. Pure: the same input gives the same digest.
 * `previousMaster`: the master before a resumed run that moves the role. `target`: where that run’s failover moves it.
 * Once a run has begun, missing prerequisites no longer block it: the step that needs them fails, and its node is
 * restored. `known`: addresses of the nodes that the commit before had, where there is one to compare with.
 * @throws UNKNOWN_NODE if the goal names a node that does not exist.
 */
export function makePlan(
  goal: Goal,
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  options: PlanOptions = {},
): Plan {
  const roles = rolesOf(desired, observed);
  const { waves, blockers, risks, candidates } = draft(goal, desired, roles, options);
  const needs = preflight(waves, desired, roles);
  const intrusions = intrusionBlockers(desired, observed);
  return finished(goal, desired, roles, {
    waves,
    blockers: [...intrusions, ...withoutFixes(options.begun ? blockers : [...blockers, ...needs.blockers], intrusions)],
    risks: [
      ...(isFollowingGit(goal) && !options.begun
        ? newNodeRisks(waves, { ...roles, sentinelHosts: desired.sentinelHosts }, options.known ?? null)
        : []),
      ...risks,
      ...needs.risks,
    ],
    ...(candidates ? { candidates } : {}),
  });
}

function isFollowingGit({ kind }: Goal): boolean {
  return kind === 'converge' || kind === 'rollback';
}

export interface PlanOptions {
  previousMaster?: string | null;
  target?: string | undefined;
  /** The dead master of a resumed run. */
  lost?: string | undefined;
  /** What is remembered of the nodes. */
  last?: LastLook | null;
  begun?: boolean;
  known?: ReadonlySet<string> | null;
}

type Draft = Pick<Plan, 'waves' | 'blockers' | 'risks' | 'candidates'>;

function draft(
  goal: Goal,
  desired: DesiredCluster,
  roles: Roles,
  { previousMaster = null, target, lost, last = null }: PlanOptions,
): Draft {
  switch (goal.kind) {
    case 'converge':
    case 'rollback':
      return planConverge(desired, roles, previousMaster);
    case 'resync':
      return planResync(goal, desired, roles);
    case 'purge':
      return planPurge(goal, desired, roles);
    case 'drill':
      return planDrill(desired, roles, { previousMaster, lost, nodes: last?.nodes ?? {}, target });
    case 'drain':
      return planDrain(goal, desired, roles, { previousMaster, lost, nodes: last?.nodes ?? {}, target });
    case 'undrain':
      return planUndrain(goal, roles);
    case 'pause':
      return planPause(goal, desired, roles);
    case 'resume':
      return planResume(roles);
    case 'failover':
      return planFailover({ ...goal, node: goal.node ?? target }, desired, roles, {
        previousMaster,
        lost,
        nodes: last?.nodes ?? {},
      });
  }
}

export function finished(
  goal: Goal,
  { cluster, revision }: DesiredCluster,
  { topology }: Roles,
  { waves, ...parts }: Draft,
): Plan {
  const bound = { goal, cluster, revision, waves, topology };
  return { ...bound, ...parts, digest: digestOf(bound) };
}
