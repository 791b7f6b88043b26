import { CODES } from '../domain/code.ts';
import { asRedisopsError, forPeople } from '../domain/error.ts';
import type { Report } from '../domain/report.ts';
import { errorReport } from '../report/error-report.ts';
import type { Log } from '../ports/log.ts';
import type { Person } from './person.ts';

/** The answer for anything thrown; failures are logged too. */
export function errorAnswer(thrown: unknown, { user, channel }: Person, log: Log): Report {
  const error = asRedisopsError(thrown);
  const { code, message: reason } = error;
  if (code === 'INTERNAL') log.error({ user, channel, error }, 'a request of Slack’s failed');
  else if (CODES[code].exit === 1) log.warn({ user, channel, code, reason }, 'a request of Slack’s failed');
  else log.info({ user, channel, code, reason }, 'a request of Slack’s was refused');
  return errorReport(forPeople(error));
}
