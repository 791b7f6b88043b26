import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import type { Goal } from '../domain/goal.ts';
import { actionsOf, type Blocker, type Plan } from '../domain/plan.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { End } from './run-end.ts';

const MOST_NAMED = 3;

/**
 * A finished run leaves an empty plan that nothing blocks. If planning again finds a step, something on the node
 * overrides Git, and repeating the run would only disturb the nodes; if it finds a blocker, the run made it.
 */
export function withDifference(end: End, goal: Goal, desired: DesiredCluster, after: readonly NodeFacts[]): End {
  const makesAsGit = goal.kind === 'converge' || goal.kind === 'rollback';
  if (end.outcome !== 'done' || !makesAsGit) return end;
  const next = makePlan(goal, desired, after);
  const failed = { ...end, outcome: 'failed', code: 'STILL_DIFFERENT' } as const;
  const left = stepsIn(next);
  if (left !== null)
    return {
      ...failed,
      message: `Every step succeeded, but the nodes still differ from Git. Still planned: ${left}.`,
      hint: 'Something on the nodes overrides Git: check the unit’s command line, its drop-ins and who else writes these files. Do not repeat the run before that.',
    };
  const [blocker, ...others] = blockersIn(next, after);
  if (!blocker) return end;
  return {
    ...failed,
    message: `Every step succeeded, but the next plan is blocked: ${[blocker, ...others].map(({ message }) => message).join(' ')}`,
    hint: blocker.hint,
  };
}

function stepsIn(next: Plan): string | null {
  const left = actionsOf(next);
  if (left.length === 0) return null;
  const named = left
    .slice(0, MOST_NAMED)
    .map(({ node, summary, reason }) => `${node}: ${summary} (${sentence(reason)})`);
  return `${named.join('; ')}${left.length > MOST_NAMED ? `; and ${left.length - MOST_NAMED} more` : ''}`;
}

/** A node that was lost since verification is not the run’s doing. */
function blockersIn({ blockers }: Plan, after: readonly NodeFacts[]): readonly Blocker[] {
  const lost = new Set(after.filter(({ reachable }) => !reachable).map(({ name }) => name));
  return blockers.filter(({ node }) => node === null || !lost.has(node)).slice(0, MOST_NAMED);
}

function sentence(reason: string): string {
  return reason.split(/(?<=\.)\s/)[0]?.replace(/\.$/, '') ?? reason;
}
