import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { connectQueue } from '../../../src/adapters/queue/connection.ts';
import { redisStore } from '../../../src/adapters/store/store.ts';
import type { Store } from '../../../src/ports/store.ts';
import { ownRedis } from '../own-redis.ts';
import { quietLog } from '../quiet-log.ts';

let server: Awaited<ReturnType<typeof ownRedis>>;
let redis: Redis;
let store: Store;

beforeAll(async () => {
  server = await ownRedis();
  redis = connectQueue(server.address, quietLog());
  store = redisStore(redis, quietLog());
});

beforeEach(async () => {
  await redis.flushall();
});

afterAll(async () => {
  redis.disconnect();
  await server.end();
});

const RUN = { run: 'r-1', cluster: 'shop' };
const reply = (summary: string) =>
  ({ kind: 'reply', report: { title: 't', tone: 'neutral', summary, sections: [] } }) as const;

async function taken() {
  const delivery = await store.takeDelivery(60_000);
  if (!delivery) throw new Error('nothing was due');
  return delivery;
}

describe('the outbox in Redis', () => {
  it.each([
    ['a kind that is not known', { kind: 'of-tomorrow' }],
    [
      'a report with a new section',
      { kind: 'reply', report: { title: 't', tone: 'good', summary: '', sections: [{ kind: 'new' }] } },
    ],
    ['no note', null],
  ])('keeps a note of another version for that version: %s', async (_, note) => {
    await store.keepNote(RUN, 'plan', reply('one'));
    await store.keepNote(RUN, 'report', reply('two'));
    const kept: unknown = JSON.parse((await redis.hget('redisops:notes:r-1', 'note:plan')) ?? '');
    await redis.hset('redisops:notes:r-1', 'note:plan', JSON.stringify({ ...Object(kept), note }));
    const notes = await store.notesOf('r-1');
    expect(notes.map(({ purpose, note: read }) => [purpose, read.kind])).toEqual([
      ['report', 'reply'],
      ['plan', 'unreadable'],
    ]);
    const delivery = await taken();
    for (const each of notes) if (each.note.kind === 'reply') await store.markSaid(delivery, each);
    await store.endDelivery(delivery, 60_000);
    expect(await store.isUnsaid('r-1', 'plan')).toBe(true);
    expect(await store.takeDelivery(60_000)).toBeNull();
  });

  it('says nothing, and fails nothing, where it was emptied in between', async () => {
    await store.keepNote(RUN, 'report', reply('one'));
    const delivery = await taken();
    const [note] = await store.notesOf('r-1');
    if (!note) throw new Error('nothing was kept');
    await redis.flushall();
    expect(await store.notesOf('r-1')).toEqual([]);
    expect(await store.renewDelivery(delivery, 60_000)).toBe(false);
    expect(await store.markSaid(delivery, note)).toBe(false);
    await store.endDelivery(delivery, null);
    expect(await redis.keys('*')).toEqual([]);
  });

  it('gives what is kept after that to one caller, whatever the other one does', async () => {
    await store.keepNote(RUN, 'report', reply('one'));
    const before = await taken();
    await redis.flushall();
    await store.keepNote(RUN, 'report', reply('two'));
    const after = await taken();
    await store.endDelivery(before, null);
    expect(await store.renewDelivery(after, 60_000)).toBe(true);
    expect(await store.takeDelivery(60_000)).toBeNull();
  });

  it('leaves out a run whose notes were deleted, and goes on to the next', async () => {
    await store.keepNote(RUN, 'report', reply('one'));
    await store.keepNote({ run: 'r-2', cluster: 'shop' }, 'report', reply('two'));
    await redis.del('redisops:notes:r-1');
    expect((await taken()).run).toBe('r-2');
    expect(await redis.zscore('redisops:outbox', 'r-1')).toBeNull();
  });
});
