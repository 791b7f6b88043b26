import { CODES } from '../domain/code.ts';
import { ConfigInvalid, type RedisopsError } from '../domain/error.ts';
import type { Report } from '../domain/report.ts';
import { errorReport } from '../report/error-report.ts';
import { terminal } from '../report/terminal.ts';

/** A verb’s result; printed in one place. */
export type Answer =
  { kind: 'report'; exit: number; report: Report; json: unknown } | { kind: 'bytes'; exit: number; text: string };

export function answerError(error: RedisopsError): Answer {
  const { code, message, hint } = error;
  const problems = error instanceof ConfigInvalid ? { problems: error.problems } : {};
  return {
    kind: 'report',
    exit: CODES[code].exit,
    report: errorReport(error),
    json: { error: { code, message, hint, ...problems } },
  };
}

export interface Style {
  json: boolean;
  colour: boolean;
  width?: number;
}

export function printed(answer: Answer, style: Style): string {
  if (answer.kind === 'bytes') return answer.text;
  if (style.json) return `${JSON.stringify(answer.json, null, 2)}\n`;
  return terminal(answer.report, { colour: style.colour, ...(style.width ? { width: style.width } : {}) });
}
