import { isHealthy } from '../domain/finding.ts';
import { examine } from '../operation/examine.ts';
import { doctorReport } from '../report/cluster/doctor-report.ts';
import { doctorJson } from '../report/json.ts';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';

export async function doctor(context: Context): Promise<Answer> {
  const examination = await examine(context.source, context.cluster, context, true);
  return {
    kind: 'report',
    exit: isHealthy(examination.findings) ? 0 : 1,
    report: doctorReport(examination),
    json: doctorJson(examination.findings),
  };
}
