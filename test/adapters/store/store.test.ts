import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { connectQueue } from '../../../src/adapters/queue/connection.ts';
import { redisStore } from '../../../src/adapters/store/store.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { ownRedis } from '../own-redis.ts';
import { quietLog } from '../quiet-log.ts';
import { click, record, request, result } from './builders.ts';

// The contract of every store is in test/ports/store.test.ts; this file has what only Redis can show.
let server: Awaited<ReturnType<typeof ownRedis>>;
let redis: Redis;

beforeAll(async () => {
  server = await ownRedis();
  redis = connectQueue(server.address, quietLog());
});

afterAll(async () => {
  redis.disconnect();
  await server.end();
});

const store = () => redisStore(redis, quietLog());

describe('runs', () => {
  it('forgets the oldest with all that is theirs', async () => {
    const small = redisStore(redis, quietLog(), { keptRuns: 2 });
    for (const day of ['01', '02', '03']) {
      await small.rememberThread(`kept-${day}`, { channel: 'C1', timestamp: day });
      const requestedAt = `2025-12-${day}T00:00:00.000Z`;
      await small.createRun(record(`kept-${day}`, { cluster: 'small', requestedAt }), 'apply');
    }
    expect((await small.runs('small', 10)).map(({ run }) => run)).toEqual(['kept-03', 'kept-02']);
    expect(await small.run('kept-01')).toBeNull();
    expect(await small.threadOf('kept-01')).toBeNull();
  });

  it('drops the unreported result of a run no longer stored', async () => {
    const quick = redisStore(redis, quietLog(), { reportWithinMs: 0 });
    await store().createRun(record('reported'), 'apply');
    await quick.finishRun(result('reported'));
    await quick.markReported(result('reported'));
    await redis.zadd('redisops:untold:redis', 1, 'reported', 1, 'never-created');
    expect(await quick.takeUnreported('redis')).toEqual([]);
    expect(await redis.exists('redisops:untold:redis')).toBe(0);
  });

  it('refuses foreign data', async () => {
    await redis.hset('redisops:run:foreign', 'run', 'not json');
    await expect(store().run('foreign')).rejects.toMatchObject({ code: 'QUEUE_FAILED' });
  });
});

describe('approvals', () => {
  it('is spent by exactly one of twenty', async () => {
    await store().openApproval(request('raced', 60_000));
    const clients = Array.from({ length: 20 }, () => connectQueue(server.address, quietLog()));
    const spent = await Promise.all(
      clients.map((client, index) =>
        redisStore(client, quietLog()).spendApproval(...click('raced', `U${index}`, 'approved')),
      ),
    );
    for (const client of clients) client.disconnect();
    expect(spent.filter((answer) => answer === 'spent')).toHaveLength(1);
    expect(spent.filter((answer) => answer === 'already-spent')).toHaveLength(19);
    const decided = await store().decisionOn('raced');
    expect(decided).toMatchObject({ by: `U${spent.indexOf('spent')}`, decision: 'approved' });
    expect(Math.abs(Date.parse(decided?.at ?? '') - Date.now())).toBeLessThan(5000);
  });

  it('is given or expires, never both', async () => {
    await store().openApproval(request('both', 60_000));
    expect(await store().expireApproval('both')).toBe('waiting');
    expect(await store().spendApproval(...click('both', 'U2'))).toBe('spent');
    await redis.hset('redisops:approval:both', 'expiresAt', '1');
    expect(await store().expireApproval('both')).toBe('decided');
    expect(await store().decisionOn('both')).toMatchObject({ by: 'U2' });

    for (const first of ['click', 'timer']) {
      const id = `neither-${first}`;
      await store().openApproval(request(id, -1));
      if (first === 'click') expect(await store().spendApproval(...click(id, 'U2'))).toBe('expired');
      expect(await store().expireApproval(id)).toBe('expired');
      // A clock that went back changes nothing.
      await redis.hset(`redisops:approval:${id}`, 'expiresAt', Date.now() + 60_000);
      expect(await store().spendApproval(...click(id, 'U2'))).toBe('expired');
      expect(await store().openApproval(request(id, 60_000))).toBe(false);
      expect(await store().decisionOn(id)).toBeNull();
    }
    expect(await store().expireApproval('unheard-of')).toBe('unknown');
  });
});

describe('drift', () => {
  it('is looked for again after a worker that died in its turn', async () => {
    await store().takeDriftTurn('dead', false);
    await redis.hset('redisops:drift-turn:dead', 'until', '1');
    expect(await store().takeDriftTurn('dead', false)).toMatchObject({ first: true });
  });
});

it('says QUEUE_FAILED, without the password, when the Redis refuses', async () => {
  const url = new Secret('redis://someone:hunter2@127.0.0.1:1/0');
  const client = connectQueue({ kind: 'url', url }, quietLog(), { maxRetriesPerRequest: 0 });
  const failure = await redisStore(client, quietLog())
    .run('x')
    .catch((error: unknown) => error);
  client.disconnect();
  expect(failure).toMatchObject({ code: 'QUEUE_FAILED' });
  expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('hunter2');
});
