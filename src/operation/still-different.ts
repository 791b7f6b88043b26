import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import type { Goal } from '../domain/goal.ts';
import { actionsOf } from '../domain/plan.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { End } from './run-end.ts';

const MOST_NAMED = 3;

/**
 * A finished run leaves an empty plan. If planning again finds a step, something on the node overrides Git, and
 * repeating the run would only disturb the nodes.
 */
export function withDifference(end: End, goal: Goal, desired: DesiredCluster, after: readonly NodeFacts[]): End {
  const makesAsGit = goal.kind === 'converge' || goal.kind === 'rollback';
  if (end.outcome !== 'done' || !makesAsGit) return end;
  const left = actionsOf(makePlan(goal, desired, after));
  if (left.length === 0) return end;
  const named = left
    .slice(0, MOST_NAMED)
    .map(({ node, summary, reason }) => `${node}: ${summary} (${sentence(reason)})`);
  const more = left.length > MOST_NAMED ? `; and ${left.length - MOST_NAMED} more` : '';
  return {
    ...end,
    outcome: 'failed',
    code: 'STILL_DIFFERENT',
    message: `Every step succeeded, but the nodes still differ from Git. Still planned: ${named.join('; ')}${more}.`,
    hint: 'Something on the nodes overrides Git: check the unit’s command line, its drop-ins and who else writes these files. Do not repeat the run before that.',
  };
}

function sentence(reason: string): string {
  return reason.split(/(?<=\.)\s/)[0]?.replace(/\.$/, '') ?? reason;
}
