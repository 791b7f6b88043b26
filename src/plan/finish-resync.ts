import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import type { ResyncGoal } from '../domain/goal.ts';
import type { Plan } from '../domain/plan.ts';
import { awaitLink } from './synchronize/await-link.ts';
import { finished } from './make-plan.ts';
import { masterEndpointOf, pairNamed } from './synchronize/resync.ts';
import { rolesOf } from './roles/topology.ts';

/**
 * The rest of a resync whose worker died: the node got both commands at once, so it only has to be awaited. Null if
 * nothing shows that it began.
 */
export function finishResync(
  goal: ResyncGoal,
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  stepEnded: boolean,
): Plan | null {
  const roles = rolesOf(desired, observed);
  const pair = pairNamed(goal.node, roles);
  const master = masterEndpointOf(pair);
  const link = pair.redis?.master;
  if (!master || !link || (link.up && !stepEnded)) return null;
  return finished(goal, desired, roles, {
    waves: [{ actions: [awaitLink(goal.node, master)] }],
    blockers: [],
    risks: [],
  });
}
