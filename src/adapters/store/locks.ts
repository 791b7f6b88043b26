import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Lock } from '../../domain/run/lock.ts';
import { answerOf } from '../queue/connection.ts';
import { evaluate, isEmpty, json, key, parsed } from './redis.ts';
import { LOCK, UNLOCK } from './scripts.ts';
import type { Locks } from '../../ports/store.ts';
import { origin } from '../../records/run.ts';

const instant = z.coerce.number().transform((at) => new Date(at).toISOString());
const lock = z.object({
  by: origin,
  reason: z.string(),
  at: instant,
  until: z
    .literal('')
    .transform(() => null)
    .or(instant),
});

/** Clusters locked by people. */
export function storedLocks(redis: Redis): Locks {
  return {
    async lock(cluster, { by, reason, forMs }) {
      const parameters = [JSON.stringify(by), reason, forMs ?? 0];
      const locked = await evaluate(redis, LOCK, [key.lock(cluster)], parameters);
      return locked === 1;
    },
    async lockOn(cluster) {
      return parseLock(await answerOf(redis.hgetall(key.lock(cluster))), cluster);
    },
    async unlock(cluster) {
      const fields = z.array(z.string()).parse(await evaluate(redis, UNLOCK, [key.lock(cluster)], []));
      const was: Record<string, string> = {};
      for (let at = 0; at < fields.length; at += 2) was[fields[at] ?? ''] = fields[at + 1] ?? '';
      return parseLock(was, cluster);
    },
  };
}

function parseLock(fields: Record<string, string>, cluster: string): Lock | null {
  if (isEmpty(fields)) return null;
  const { by = '', ...rest } = fields;
  return parsed(lock, { by: json(by), ...rest }, `lock of ${cluster}`);
}
