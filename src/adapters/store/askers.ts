import type { Redis } from 'ioredis';
import { answerOf } from '../queue/connection.ts';
import { key } from './redis.ts';
import type { Askers } from '../../ports/store.ts';

/** Longer than a pull request stays open. Afterwards its asker is unknown. */
const KEPT_SECONDS = 400 * 24 * 3600;

export function storedAskers(redis: Redis): Askers {
  return {
    async rememberAsker(pullRequest, user) {
      const name = key.askers(pullRequest);
      await answerOf(redis.sadd(name, user));
      await answerOf(redis.expire(name, KEPT_SECONDS));
    },
    askersOf: (pullRequest) => answerOf(redis.smembers(key.askers(pullRequest))),
  };
}
