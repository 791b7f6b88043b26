import type { Redis } from 'ioredis';
import { answerOf } from '../queue/connection.ts';
import { evaluate, fieldsOf, isEmpty, key, nonce, valuesOf, type ReadRecord } from './redis.ts';
import { END_DRIFT_TURN, TAKE_DRIFT_TURN } from './scripts.ts';
import type { Drifts } from '../../ports/store.ts';
import { driftRecord } from '../../records/drift.ts';

/** Long enough to read a cluster whose nodes hang; a worker that takes longer has died. */
const TURN_MS = 300_000;

/** Each cluster’s last observed drift, and whose turn it is to look. */
export function storedDrifts(redis: Redis, read: ReadRecord): Drifts {
  return {
    async drift(cluster) {
      const fields = await answerOf(redis.hgetall(key.drift(cluster)));
      return isEmpty(fields) ? null : read(driftRecord, valuesOf(fields), `drift of ${cluster}`);
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
