import { CODES, type Code } from '../domain/code.ts';
import { ConfigInvalid, type RedisopsError } from '../domain/error.ts';
import type { ListItem, Report, Section } from '../domain/report.ts';
import { count, plural } from './text/format.ts';

/** People fix the first ones first; the next check shows the rest. */
const MOST_PROBLEMS = 100;

/** A refusal or failure: what happened, its code, and what the person can do. */
export function errorReport(error: RedisopsError): Report {
  const { code, message, hint } = error;
  const problems = error instanceof ConfigInvalid ? error.problems : null;
  return {
    title: titleOf(code),
    tone: CODES[code].exit === 1 ? 'bad' : 'warning',
    summary: problems ? `${plural(problems.length, 'mistake')} in the configuration repository.` : message,
    ...(hint === '' ? {} : { next: problems ? 'Fix these lines. No changes were made.' : hint }),
    sections: problems ? [problemSection(problems)] : [],
    footer: [`${code}: ${CODES[code].meaning}`],
  };
}

function titleOf(code: Code): string {
  if (code === 'SETTINGS_INVALID') return 'Settings';
  switch (CODES[code].exit) {
    case 0:
      return 'Done';
    case 1:
      return 'Failed';
    case 3:
      return 'Refused';
    case 64:
      return 'Not understood';
  }
}

function problemSection(problems: ConfigInvalid['problems']): Section {
  const items = problems.slice(0, MOST_PROBLEMS).map(({ file, line, column, message }): ListItem => {
    return { tone: 'bad', text: `${file}:${line}:${column}: ${message}` };
  });
  const more = problems.length - MOST_PROBLEMS;
  if (more > 0) items.push({ tone: 'neutral', text: `and ${count(more)} more` });
  return { kind: 'list', items };
}
