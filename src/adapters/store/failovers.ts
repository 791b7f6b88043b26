import type { Redis } from 'ioredis';
import { answerOf } from '../queue/connection.ts';
import { evaluate, fieldsOf, isEmpty, json, key, valuesOf, type ReadRecord } from './redis.ts';
import { OPEN_FAILOVER, TAKE_LEASE } from './scripts.ts';
import type { Failovers } from '../../ports/store.ts';
import { failoverRecord, watchedMaster } from '../../records/failover.ts';

/** Kept for each cluster. */
const KEPT = 1000;

export function storedFailovers(redis: Redis, read: ReadRecord): Failovers {
  const one = async (name: string) => {
    const fields = await answerOf(redis.hgetall(key.failover(name)));
    return isEmpty(fields) ? null : read(failoverRecord, valuesOf(fields), `failover ${name}`);
  };
  return {
    async leaseFailovers(cluster, holder, forMs) {
      return (await evaluate(redis, TAKE_LEASE, [key.failoverLease(cluster)], [holder, forMs])) === 1;
    },
    async watchedMaster(cluster) {
      const text = await answerOf(redis.get(key.watchedMaster(cluster)));
      return text === null ? null : read(watchedMaster, json(text), `master of ${cluster}`);
    },
    async noteMaster(cluster, from, to) {
      const parameters = [from ? JSON.stringify(from) : '', JSON.stringify(to), '', 0, KEPT, ''];
      const keys = [key.watchedMaster(cluster), key.failover(''), key.failovers(cluster)];
      return (await evaluate(redis, OPEN_FAILOVER, keys, parameters)) === 1;
    },
    async openFailover(record, from, to) {
      const keys = [key.watchedMaster(record.cluster), key.failover(record.failover), key.failovers(record.cluster)];
      const place = [record.failover, Date.parse(record.at), KEPT, key.failover('')];
      const parameters = [from ? JSON.stringify(from) : '', JSON.stringify(to), ...place, ...fieldsOf(record)];
      return (await evaluate(redis, OPEN_FAILOVER, keys, parameters)) === 1;
    },
    async changeFailover(failover, change) {
      const fields = fieldsOf(change);
      if (fields.length > 0) await answerOf(redis.hset(key.failover(failover), fields));
    },
    failover: one,
    async failovers(cluster, limit) {
      const names = await answerOf(redis.zrevrange(key.failovers(cluster), 0, limit - 1));
      return (await Promise.all(names.map(one))).flatMap((record) => record ?? []);
    },
  };
}
