import { CODES } from '../src/domain/code.ts';
import { RedisopsError, asRedisopsError } from '../src/domain/error.ts';
import type { Report } from '../src/domain/report.ts';
import type { Log } from '../src/ports.ts';
import { errorReport } from '../src/report/error-report.ts';

/**
 * What a person is told of anything thrown; failures go into the log, too. The message of an error that is not ours may
 * hold anything, a URL with its password among it: it goes into the log alone, which masks.
 */
export function errorAnswer(thrown: unknown, who: { user: string; channel: string }, log: Log): Report {
  const error = asRedisopsError(thrown);
  const { user, channel } = who;
  if (CODES[error.code].exit === 1) log.warn({ user, channel, error }, 'a request of Slack’s failed');
  if (error.code !== 'INTERNAL') return errorReport(error);
  const hint = 'The log says why. Please report it.';
  return errorReport(new RedisopsError('INTERNAL', 'redisops itself failed.', { hint }));
}
