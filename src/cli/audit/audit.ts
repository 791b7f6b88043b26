import { join } from 'node:path';
import { linesIn } from '../../adapters/audit/segments.ts';
import { auditTrailIn } from '../../adapters/audit/trail.ts';
import { asRedisopsError, RedisopsError } from '../../domain/error.ts';
import { auditReport, type AuditSummary } from '../../report/cluster/audit-report.ts';
import type { Answer } from '../answer.ts';
import type { Options } from '../arguments/invocation.ts';
import type { Context } from '../context.ts';
import { withStore } from '../queue-store.ts';

const SHOWN = 20;
const BROKEN = 1;

/** The audit of this machine: the newest entries, or all of them; exit status 1 if the chain is broken. */
export async function audit(context: Context, { export: isExport }: Options['audit']): Promise<Answer> {
  const { settings, cluster } = context;
  const summary = await summaryOf(context);
  const exit = summary.problems.length === 0 ? 0 : BROKEN;
  if (isExport) {
    for (const { message } of summary.problems) context.tell(`AUDIT_BROKEN: ${message}`);
    return { kind: 'bytes', exit, text: await exported(join(settings.STATE_DIR, 'audit'), cluster ?? null) };
  }
  const { entries, head, problems } = summary;
  const code = exit === BROKEN ? 'AUDIT_BROKEN' : null;
  return {
    kind: 'report',
    exit,
    report: auditReport(summary),
    json: { verified: exit === 0, code, head, problems, entries },
  };
}

async function summaryOf({ settings, cluster: asked }: Context): Promise<AuditSummary> {
  const cluster = asked ?? null;
  const trail = auditTrailIn(settings.STATE_DIR);
  const kept = await withStore(settings, (store) => store.auditHead(trail.place)).catch(asRedisopsError);
  const isUnknown = kept instanceof RedisopsError;
  const view = await trail.examine(isUnknown ? null : kept, SHOWN, cluster);
  return { ...view, unchecked: isUnknown ? `Not compared with the queue’s Redis: ${kept.message}` : null };
}

/** Every line, as it is on disk. */
async function exported(folder: string, cluster: string | null): Promise<string> {
  const lines: string[] = [];
  for await (const { text, entry } of linesIn(folder))
    if (cluster === null || !entry || entry.cluster === cluster) lines.push(`${text}\n`);
  return lines.join('');
}
