import { CODES } from '../domain/code.ts';
import { asRedisopsError, forPeople } from '../domain/error.ts';
import type { Report } from '../domain/report.ts';
import { errorReport } from '../report/error-report.ts';
import type { Log } from '../ports/log.ts';
import type { Person } from './person.ts';

/** The answer for anything thrown; failures are logged too. */
export function errorAnswer(thrown: unknown, { user, channel }: Person, log: Log): Report {
  const error = asRedisopsError(thrown);
  if (CODES[error.code].exit === 1) log.warn({ user, channel, error }, 'a request of Slack’s failed');
  return errorReport(forPeople(error));
}
