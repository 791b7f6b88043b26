import type { Redis } from 'ioredis';
import type { Looks } from '../../ports/looks.ts';
import { lastLook } from '../../records/last-look.ts';
import { seenSigns } from '../../records/signs.ts';
import { answerOf } from '../queue/connection.ts';
import { json, key, type ReadRecord } from './redis.ts';

/** The last look at each cluster, in the queue’s Redis. */
export function storedLooks(redis: Redis, read: ReadRecord): Looks {
  return {
    async lastLook(cluster) {
      const text = await answerOf(redis.get(key.look(cluster)));
      return text === null ? null : read(lastLook, json(text), `last look at ${cluster}`);
    },
    async keepLook(cluster, look) {
      await answerOf(redis.set(key.look(cluster), JSON.stringify(look)));
    },
    async signs(cluster) {
      const text = await answerOf(redis.get(key.signs(cluster)));
      return text === null ? null : read(seenSigns, json(text), `signs of intrusions on ${cluster}`);
    },
    async keepSigns(cluster, signs) {
      await answerOf(redis.set(key.signs(cluster), JSON.stringify(signs)));
    },
  };
}
