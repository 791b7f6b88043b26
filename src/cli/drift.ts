import { drift as lookForDrift } from '../operation.ts';
import { driftReport } from '../report/cluster/drift-report.ts';
import { driftJson } from '../report/json.ts';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';

/** Exit status 2 if there is a difference; otherwise 1 if a node could not be read: unknown is not “no drift”. */
export async function drift(context: Context): Promise<Answer> {
  const found = await lookForDrift(context.source, context.cluster, context);
  const exit = found.drifts.length > 0 ? 2 : found.unread.length > 0 ? 1 : 0;
  return { kind: 'report', exit, report: driftReport(found), json: driftJson(found) };
}
