import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { connectQueue } from '../../../src/adapters/queue/connection.ts';
import { redisStore } from '../../../src/adapters/store/store.ts';
import { approval, record, result } from '../../report/fixtures.ts';
import { ownRedis } from '../own-redis.ts';
import { quietLog } from '../quiet-log.ts';

let server: Awaited<ReturnType<typeof ownRedis>>;
let redis: Redis;

beforeAll(async () => {
  server = await ownRedis();
  redis = connectQueue(server.address, quietLog());
});

beforeEach(async () => {
  await redis.flushall();
});

afterAll(async () => {
  redis.disconnect();
  await server.end();
});

function open() {
  const log = quietLog();
  const left = () => log.lines.flatMap(({ fields }) => ('record' in fields ? [fields.record] : []));
  return { store: redisStore(redis, log, { reportWithinMs: 0 }), left };
}

const OPEN = { status: 'queued', code: null, message: null, finishedAt: null, durationMs: null } as const;

describe('a record of another version fails no other', () => {
  it('among runs: it is named, and logged once', async () => {
    const { store, left } = open();
    for (const minute of [1, 2, 3])
      await store.createRun(
        record({ ...OPEN, run: `r-${minute}`, requestedAt: `2025-12-03T14:0${minute}:00.000Z` }),
        '',
      );
    await redis.hset('redisops:run:r-2', 'goal', JSON.stringify({ kind: 'of-tomorrow' }));
    expect((await store.runs('redis', 10)).map(({ run }) => run)).toEqual(['r-3', 'r-1']);
    expect((await store.history('redis', 10)).unreadable).toEqual(['r-2']);
    expect((await store.history('redis', 1)).unreadable).toEqual([]);
    expect(left()).toEqual(['run r-2']);
    await expect(store.run('r-2')).rejects.toMatchObject({ code: 'QUEUE_FAILED' });
  });

  it('among unreported results', async () => {
    const { store, left } = open();
    for (const run of ['r-1', 'r-2']) {
      await store.createRun(record({ ...OPEN, run }), '');
      await store.finishRun(result({ run }));
    }
    await redis.hset('redisops:run:r-1', 'result', JSON.stringify({ ...result(), outcome: 'of-tomorrow' }));
    expect((await store.takeUnreported('redis')).map(({ run }) => run)).toEqual(['r-2']);
    expect(left()).toEqual(['result of run r-1']);
  });

  it('in a journal', async () => {
    const { store, left } = open();
    const entry = { at: '2025-12-03T14:05:10.000Z', step: 1, node: 'redis-02', action: 'write-file' };
    await store.recordStep('r-1', { ...entry, state: 'began' });
    await redis.rpush('redisops:journal:r-1', JSON.stringify({ ...entry, state: 'of-tomorrow' }), 'torn');
    await store.recordStep('r-1', { ...entry, state: 'ended' });
    expect((await store.journal('r-1')).map(({ state }) => state)).toEqual(['began', 'ended']);
    expect(left()).toEqual(['step 2 in the journal of run r-1', 'step 3 in the journal of run r-1']);
  });

  it('as a drift, an approval, a thread: it counts as not there', async () => {
    const { store, left } = open();
    await redis.hset('redisops:drift:redis', 'cluster', '"redis"');
    await redis.hset('redisops:thread:r-1', 'room', 'C0OPS');
    await redis.hset('redisops:approval:r-1', 'request', '{}');
    expect([await store.drift('redis'), await store.threadOf('r-1'), await store.approval('r-1')]).toEqual([
      null,
      null,
      null,
    ]);
    expect(left()).toEqual(['drift of redis', 'thread of run r-1', 'approval r-1']);
  });

  it('as an approval, it expires in time, and not before', async () => {
    const { store } = open();
    for (const [id, expiresAt] of [
      ['early', '2099-01-01T00:00:00.000Z'],
      ['late', '2025-12-03T14:35:00.000Z'],
    ] as const) {
      await store.openApproval(approval({ id, run: id, expiresAt }));
      await redis.hset(`redisops:approval:${id}`, 'request', '{}');
    }
    expect([await store.expireApproval('early'), await store.expireApproval('late')]).toEqual(['waiting', 'expired']);
  });

  it('as a lock, it holds: its absence is not known', async () => {
    const { store } = open();
    await redis.hset('redisops:lock:redis', 'by', '{"from":"tomorrow"}', 'reason', '', 'at', '1', 'until', '');
    await expect(store.lockOn('redis')).rejects.toMatchObject({ code: 'QUEUE_FAILED' });
  });
});
