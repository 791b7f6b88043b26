import { CODES } from '../domain/code.ts';
import { asRedisopsError, forPeople } from '../domain/error.ts';
import type { Report } from '../domain/report.ts';
import { errorReport } from '../report/error-report.ts';
import type { Log } from '../ports/log.ts';

/** What a person is told of anything thrown; failures go into the log, too. */
export function errorAnswer(thrown: unknown, who: { user: string; channel: string }, log: Log): Report {
  const error = asRedisopsError(thrown);
  const { user, channel } = who;
  if (CODES[error.code].exit === 1) log.warn({ user, channel, error }, 'a request of Slack’s failed');
  return errorReport(forPeople(error));
}
