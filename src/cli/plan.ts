import { propose } from '../operation.ts';
import { planReport } from '../report/plan/plan-report.ts';
import { planJson } from '../report/json.ts';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';

/** Exit status 2 for a difference, 3 for a plan blocked by a guard. */
export async function plan(context: Context): Promise<Answer> {
  const proposal = await propose({ kind: 'converge' }, context.source, context.cluster, context);
  const { blockers, waves } = proposal.plan;
  const exit = blockers.length > 0 ? 3 : waves.length > 0 ? 2 : 0;
  return { kind: 'report', exit, report: planReport(proposal.plan), json: planJson(proposal.plan) };
}
