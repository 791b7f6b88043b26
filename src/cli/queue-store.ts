import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { QueueAddress } from '../adapters/queue/connection.ts';
import { asRedisopsError, RedisopsError } from '../domain/error.ts';
import type { Settings } from '../settings.ts';
import { looksIn } from '../adapters/disk/looks.ts';
import type { Looks } from '../ports/looks.ts';
import type { Store } from '../ports/store.ts';

/**
 * The bot’s store, if reachable from this machine: QUEUE_REDIS_URL, or the bot’s own running redis-server.
 * @throws QUEUE_FAILED otherwise, after two seconds at most.
 */
export async function withStore<T>(settings: Settings, use: (store: Store) => Promise<T>): Promise<T> {
  const address = addressOf(settings);
  if (!address)
    throw new RedisopsError('QUEUE_FAILED', 'The bot’s queue is not on this machine and QUEUE_REDIS_URL is not set.', {
      hint: 'Set QUEUE_REDIS_URL, or run this where the bot runs, as its user.',
    });
  // Loaded here: read-only verbs do not wait for it.
  const [{ connectQueue }, { redisStore }, { createLog }] = await Promise.all([
    import('../adapters/queue/connection.ts'),
    import('../adapters/store/store.ts'),
    import('../adapters/log/log.ts'),
  ]);
  const log = createLog('silent');
  const redis = connectQueue(address, log, {
    connectTimeout: 2000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  try {
    return await use(redisStore(redis, log));
  } catch (error) {
    throw asRedisopsError(error);
  } finally {
    redis.disconnect();
  }
}

function addressOf({ QUEUE_REDIS_URL: url, STATE_DIR }: Settings): QueueAddress | null {
  if (url) return { kind: 'url', url };
  const path = join(STATE_DIR, 'queue', 'redis.sock');
  return existsSync(path) ? { kind: 'socket', path } : null;
}

/** The bot’s memory where this machine reaches it, so that both report the same; else this machine’s own. */
export function looksHere(settings: Settings): Looks {
  const own = looksIn(settings.STATE_DIR);
  const here = <T>(use: (looks: Looks) => Promise<T>): Promise<T> => withStore(settings, use).catch(() => use(own));
  return {
    lastLook: (cluster) => here((looks) => looks.lastLook(cluster)),
    keepLook: (cluster, look) => here((looks) => looks.keepLook(cluster, look)),
    signs: (cluster) => here((looks) => looks.signs(cluster)),
    keepSigns: (cluster, signs) => here((looks) => looks.keepSigns(cluster, signs)),
  };
}
