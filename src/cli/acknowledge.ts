import { policyOfCluster } from '../desired/rules/read-rules.ts';
import { acknowledge as acknowledgeIncidents } from '../operation/incidents.ts';
import { acknowledgedReport } from '../report/cluster/incidents-report.ts';
import type { Answer } from './answer.ts';
import { auditAfterwards, auditFirst } from './audit/audited-here.ts';
import type { Context } from './context.ts';
import { originHere } from './person.ts';

/** Ends the report of what happened to the nodes since the last looks. */
export async function acknowledge(context: Context): Promise<Answer> {
  const { cluster } = await policyOfCluster(context.source, context.cluster);
  await auditFirst({ cluster, what: 'acknowledge', outcome: 'attempted', run: null }, context);
  const incidents = await acknowledgeIncidents(cluster, context);
  await auditAfterwards(
    { cluster, what: `acknowledge: ${incidents.length} incidents`, outcome: 'done', run: null },
    context,
  );
  const report = acknowledgedReport(cluster, incidents, originHere());
  return { kind: 'report', exit: 0, report, json: { cluster, acknowledged: incidents } };
}
