import type { Redis } from 'ioredis';
import type { Threads } from '../../ports/store.ts';
import { messageReference } from '../../records/message.ts';
import { answerOf } from '../queue/connection.ts';
import { isEmpty, key, type ReadRecord } from './redis.ts';

export function storedThreads(redis: Redis, read: ReadRecord): Threads {
  return {
    async rememberThread(run, message) {
      await answerOf(redis.hset(key.thread(run), { ...message }));
    },
    async threadOf(run) {
      const fields = await answerOf(redis.hgetall(key.thread(run)));
      return isEmpty(fields) ? null : read(messageReference, fields, `thread of run ${run}`);
    },
  };
}
