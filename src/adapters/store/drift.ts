import type { Redis } from 'ioredis';
import { driftRecord } from './drift-record.ts';
import { answerOf } from '../queue/connection.ts';
import { evaluate, fieldsOf, key, nonce, recordOf } from './redis.ts';
import { END_DRIFT_TURN, TAKE_DRIFT_TURN } from './scripts.ts';
import type { Store } from '../../ports/store.ts';

type Drift = Pick<Store, 'drift' | 'changeDrift' | 'takeDriftTurn' | 'endDriftTurn'>;

/** Looking at a cluster whose nodes hang takes its time limits; a worker that takes longer has died. */
const TURN_MS = 300_000;

/** What was last seen of each cluster’s drift, and whose turn it is to look. */
export function storedDrift(redis: Redis): Drift {
  return {
    async drift(cluster) {
      return recordOf(driftRecord, await answerOf(redis.hgetall(key.drift(cluster))), `drift of ${cluster}`);
    },
    async changeDrift(cluster, change) {
      const fields = fieldsOf(change);
      if (fields.length > 0) await answerOf(redis.hset(key.drift(cluster), fields));
    },
    async takeDriftTurn(cluster, soon) {
      const token = nonce();
      const parameters = [token, TURN_MS, soon ? 'soon' : 'due'];
      const turn = await evaluate(redis, TAKE_DRIFT_TURN, [key.driftTurn(cluster)], parameters);
      return turn === 'no' ? null : { token, first: turn === 'first' };
    },
    async endDriftTurn(cluster, { token }, nextInMs) {
      await evaluate(redis, END_DRIFT_TURN, [key.driftTurn(cluster)], [token, nextInMs]);
    },
  };
}
