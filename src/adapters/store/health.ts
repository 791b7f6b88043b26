import type { Redis } from 'ioredis';
import { answerOf } from '../queue/connection.ts';
import { evaluate, fieldsOf, isEmpty, key, nonce, valuesOf, type ReadRecord } from './redis.ts';
import { END_DRIFT_TURN, TAKE_DRIFT_TURN } from './scripts.ts';
import type { Health } from '../../ports/store.ts';
import { healthRecord } from '../../records/health.ts';

/** A worker that takes longer for a look has died: another one looks within the same minute or two. */
const TURN_MS = 60_000;

/** The standing watch’s record of each cluster, and whose turn it is to look. */
export function storedHealth(redis: Redis, read: ReadRecord): Health {
  return {
    async health(cluster) {
      const fields = await answerOf(redis.hgetall(key.health(cluster)));
      return isEmpty(fields) ? null : read(healthRecord, valuesOf(fields), `health of ${cluster}`);
    },
    async changeHealth(cluster, change) {
      const fields = fieldsOf(change);
      if (fields.length > 0) await answerOf(redis.hset(key.health(cluster), fields));
    },
    async takeHealthTurn(cluster, soon) {
      const token = nonce();
      const parameters = [token, TURN_MS, soon ? 'soon' : 'due'];
      const turn = await evaluate(redis, TAKE_DRIFT_TURN, [key.healthTurn(cluster)], parameters);
      return turn === 'no' ? null : { token, first: turn === 'first' };
    },
    async endHealthTurn(cluster, { token }, nextInMs) {
      const parameters = [token, Math.round(nextInMs)];
      await evaluate(redis, END_DRIFT_TURN, [key.healthTurn(cluster)], parameters);
    },
  };
}
