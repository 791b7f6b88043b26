import { readHistory } from '../adapters/store/run-log.ts';
import { historyReport } from '../report/run/history-report.ts';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';

export async function history(context: Context): Promise<Answer> {
  const found = await readHistory(context.settings.STATE_DIR, context.cluster ?? null, 20);
  return { kind: 'report', exit: 0, report: historyReport(found), json: found };
}
