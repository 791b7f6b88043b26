import { desiredAndReach } from '../operation/look.ts';
import { verifyReport } from '../report/cluster/verify-report.ts';
import { verifyJson } from '../report/json.ts';
import { verify as verifyCluster } from '../verify/verify.ts';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';

export async function verify(context: Context): Promise<Answer> {
  const desired = await desiredAndReach(context.source, context.cluster, context);
  const verification = await verifyCluster(desired, context.nodes);
  const exit = verification.verdict === 'healthy' ? 0 : 1;
  return { kind: 'report', exit, report: verifyReport(verification), json: verifyJson(verification) };
}
