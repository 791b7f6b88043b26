import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { NodeFacts } from '../../src/domain/facts.ts';
import type { FailoverGoal } from '../../src/domain/goal.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { makePlan, type PlanOptions } from '../../src/plan/make-plan.ts';

export function planOf(desired: DesiredCluster, seen: readonly NodeFacts[]): Plan {
  return makePlan({ kind: 'converge' }, desired, seen);
}

export function failoverOf(
  mode: FailoverGoal['mode'],
  desired: DesiredCluster,
  seen: readonly NodeFacts[],
  node?: string,
  options: PlanOptions = {},
): Plan {
  return makePlan({ kind: 'failover', mode, ...(node === undefined ? {} : { node }) }, desired, seen, options);
}

/** `redis-02 config-set`, wave by wave. */
export function stepsOf({ waves }: Plan): readonly (readonly string[])[] {
  return waves.map(({ actions }) => actions.map(({ node, kind }) => `${node} ${kind}`));
}

/** `MASTER_DOWN redis-01`, with `-` for the cluster’s own. */
export function describeBlockers({ blockers }: Plan): readonly string[] {
  return blockers.map(({ code, node }) => `${code} ${node ?? '-'}`);
}
