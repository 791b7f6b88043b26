import { diagnose } from '../diagnose/diagnose.ts';
import { look } from '../operation/look.ts';
import { doctorReport } from '../report/cluster/doctor-report.ts';
import { doctorJson } from '../report/json.ts';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';

export async function doctor(context: Context): Promise<Answer> {
  const { desired, observed } = await look(context.source, context.cluster, context);
  const findings = diagnose(desired, observed);
  return {
    kind: 'report',
    exit: findings.length > 0 ? 1 : 0,
    report: doctorReport(findings),
    json: doctorJson(findings),
  };
}
