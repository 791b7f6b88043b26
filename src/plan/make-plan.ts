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
 * What would be done for a goal, from what Git asks and what was seen. Pure: the same input gives the same digest. `previousMaster`
 * is where a run that goes on takes the master’s role back to. Once a run has begun, what nodes lack no longer blocks it:
 * the step that needs it fails, and its node is restored.
 * @throws UNKNOWN_NODE for a goal that names a node that is not there.
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
