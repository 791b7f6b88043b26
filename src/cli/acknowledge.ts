import { evidenceIn } from '../adapters/disk/evidence.ts';
import { policyOfCluster } from '../desired/rules/read-rules.ts';
import { RedisopsError } from '../domain/error.ts';
import type { SeenSigns } from '../domain/intrusion/suspicion.ts';
import { signsText } from '../domain/intrusion/words.ts';
import { acknowledge as acknowledgeAll, unacknowledged } from '../operation/acknowledge.ts';
import { acknowledgedReport } from '../report/cluster/incidents-report.ts';
import { backupFolder } from '../settings.ts';
import type { Answer } from './answer.ts';
import type { Options } from './arguments/invocation.ts';
import { auditAfterwards, auditFirst } from './audit/audited-here.ts';
import type { Context } from './context.ts';
import { originHere } from './person.ts';

/** Ends the report of what happened to the nodes since the last looks. Releasing a suspected node needs approval. */
export async function acknowledge(context: Context, { yes }: Options['acknowledge']): Promise<Answer> {
  const { cluster } = await policyOfCluster(context.source, context.cluster);
  const shown = await unacknowledged(cluster, context);
  if (!yes) await approve(shown, context);
  const what = `acknowledge: release of ${Object.keys(shown).join(', ') || 'no node'}`;
  await auditFirst({ cluster, what, outcome: 'attempted', run: null }, context);
  const ports = { ...context, evidence: evidenceIn(backupFolder(context.settings)) };
  const { incidents, evidence } = await acknowledgeAll(context.source, cluster, shown, ports);
  const done = `acknowledge: ${incidents.length} incidents, ${evidence.length} suspected nodes`;
  await auditAfterwards({ cluster, what: done, outcome: 'done', run: null }, context);
  const report = acknowledgedReport(cluster, { incidents, shown, evidence }, originHere());
  return { kind: 'report', exit: 0, report, json: { cluster, acknowledged: incidents, signs: shown, evidence } };
}

/** @throws CANCELLED, APPROVAL_NEEDED. */
async function approve(shown: SeenSigns, context: Context): Promise<void> {
  const what = signsText(shown);
  if (what === '') return;
  context.tell(what);
  const reply = await context.confirm('Keep the evidence, and let plans change these nodes again?');
  if (reply === 'yes') return;
  if (reply === 'no') throw new RedisopsError('CANCELLED', 'Cancelled.', { hint: 'No node was released.' });
  throw new RedisopsError('APPROVAL_NEEDED', `Not acknowledged: ${what}`, {
    hint: 'Investigate first. Then run `acknowledge --yes`: it keeps the evidence and releases these nodes.',
  });
}
