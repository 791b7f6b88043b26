import type { Redis } from 'ioredis';
import type { Journals } from '../../ports/store.ts';
import { journalEntry } from '../../records/journal.ts';
import { answerOf } from '../queue/connection.ts';
import { json, key, type ReadRecord } from './redis.ts';

export function storedJournals(redis: Redis, read: ReadRecord): Journals {
  return {
    async recordStep(run, entry) {
      await answerOf(redis.rpush(key.journal(run), JSON.stringify(entry)));
    },
    async journal(run) {
      const lines = await answerOf(redis.lrange(key.journal(run), 0, -1));
      const entries = lines.map((line, at) =>
        read(journalEntry, json(line), `step ${at + 1} in the journal of run ${run}`),
      );
      return entries.filter((entry) => entry !== null);
    },
    async startOver(run) {
      await answerOf(redis.del(key.journal(run)));
    },
  };
}
