import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import type { Goal } from '../domain/goal.ts';
import type { Plan } from '../domain/plan.ts';
import { planConverge } from './converge/converge.ts';
import { digestOf } from './digest.ts';
import { preflight } from './preflight/preflight.ts';
import { planPurge } from './purge/purge.ts';
import { planResync } from './synchronise/resync.ts';
import { rolesOf, type Roles } from './roles/topology.ts';

/**
 * The plan for a goal, from the desired state and the facts. Pure: the same input gives the same digest.
 * `previousMaster`: where a resumed run returns the master’s role. Once a run has begun, missing prerequisites no
 * longer block it: the step that needs them fails, and its node is restored.
 * @throws UNKNOWN_NODE if the goal names a node that does not exist.
 */
export function makePlan(
  goal: Goal,
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  options: { previousMaster?: string | null; begun?: boolean } = {},
): Plan {
  const roles = rolesOf(desired, observed);
  const { waves, blockers, risks } = draft(goal, desired, roles, options.previousMaster ?? null);
  const needs = preflight(waves, desired, roles);
  return finished(goal, desired, roles, {
    waves,
    blockers: options.begun ? blockers : [...blockers, ...needs.blockers],
    risks: [...risks, ...needs.risks],
  });
}

function draft(
  goal: Goal,
  desired: DesiredCluster,
  roles: Roles,
  previousMaster: string | null,
): Pick<Plan, 'waves' | 'blockers' | 'risks'> {
  switch (goal.kind) {
    case 'converge':
    case 'rollback':
      return planConverge(desired, roles, previousMaster);
    case 'resync':
      return planResync(goal, desired, roles);
    case 'purge':
      return planPurge(goal, desired, roles);
  }
}

export function finished(
  goal: Goal,
  { cluster, revision }: DesiredCluster,
  { topology }: Roles,
  parts: Pick<Plan, 'waves' | 'blockers' | 'risks'>,
): Plan {
  const bound = { goal, cluster, revision, waves: parts.waves, topology };
  return { ...bound, blockers: parts.blockers, risks: parts.risks, digest: digestOf(bound) };
}
