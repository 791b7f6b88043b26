import { Redis, type RedisOptions } from 'ioredis';
import { RedisopsError } from '../../domain/error.ts';
import type { Secret } from '../../domain/secret.ts';
import { within } from '../../time/within.ts';
import { redactText } from '../log/redact.ts';
import type { Log } from '../../ports/log.ts';

/** Where the queue’s Redis listens. */
export type QueueAddress = { kind: 'socket'; path: string } | { kind: 'url'; url: Secret };

type ConnectionOptions = Pick<
  RedisOptions,
  'connectTimeout' | 'keepAlive' | 'retryStrategy' | 'connectionName' | 'maxRetriesPerRequest'
>;

/** A connection that reconnects by itself. Logs an outage once, when it begins. */
export function connectQueue(address: QueueAddress, log: Log, options: ConnectionOptions = {}): Redis {
  const settings: ConnectionOptions = {
    connectTimeout: 5000,
    keepAlive: 10_000,
    // Gives up after 7 s, a little before `answerOf`: a command reported as failed must not run later.
    maxRetriesPerRequest: 7,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2000),
    ...options,
  };
  const redis =
    address.kind === 'socket'
      ? new Redis({ ...settings, path: address.path })
      : new Redis(address.url.reveal(), settings);

  let away = false;
  redis.on('error', (error: Error) => {
    if (!away) log.warn({ reason: reasonOf(error) }, 'the queue’s Redis does not answer');
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info({}, 'the queue’s Redis answers again');
    away = false;
  });
  return redis;
}

/** The client’s errors contain the command and its arguments, even AUTH’s: only the message is used. */
export function queueFailed(error: unknown): RedisopsError {
  if (error instanceof RedisopsError) return error;
  return new RedisopsError('QUEUE_FAILED', `The queue’s Redis: ${reasonOf(error)}`, {
    hint: 'Check QUEUE_REDIS_URL; where it is unset, see STATE_DIR/queue/redis.log. Nothing is lost. Ask again when it answers.',
  });
}

function reasonOf(error: unknown): string {
  // Node combines several refused addresses into one error without a message.
  const causes = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [error];
  const messages = causes.map((cause) => (cause instanceof Error ? cause.message : String(cause)));
  return redactText(messages.join('; '));
}

/** @throws QUEUE_FAILED if the answer is an error, or late (milliseconds). */
export async function answerOf<T>(answer: Promise<T>, timeoutMs = 8000): Promise<T> {
  try {
    return await within(timeoutMs, answer, () => new Error(`no answer within ${timeoutMs} ms`));
  } catch (error) {
    throw queueFailed(error);
  }
}
