import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectQueue } from '../../src/adapters/queue/connection.ts';
import { openRunsIn } from '../../src/adapters/store/open-run.ts';
import { readHistory } from '../../src/adapters/store/run-log.ts';
import { redisStore } from '../../src/adapters/store/store.ts';
import { jobPayload } from '../../src/records/job.ts';
import { runStatus } from '../../src/records/run.ts';
import { auditTrail } from '../../lab/audit-trail.ts';
import { ownRedis } from '../adapters/own-redis.ts';
import { quietLog } from '../adapters/quiet-log.ts';
import kept from './version-0.1.json' with { type: 'json' };

// Written by the store, the queue and the command line of version 0.1; never to be written again.
type Kept =
  | { hash: Record<string, string> }
  | { list: string[] }
  | { string: string }
  | { sortedSet: string[] }
  | { stream: string[][] };

let server: Awaited<ReturnType<typeof ownRedis>>;
let redis: Redis;
let stateDir: string;
const log = quietLog();
const store = () => redisStore(redis, log, { reportWithinMs: 0 });

async function restore(name: string, value: Kept): Promise<void> {
  if ('hash' in value) await redis.hset(name, value.hash);
  else if ('list' in value) await redis.rpush(name, ...value.list);
  else if ('string' in value) await redis.set(name, value.string);
  else if ('stream' in value) for (const fields of value.stream) await redis.xadd(name, '*', ...fields);
  else
    for (let at = 0; at < value.sortedSet.length; at += 2)
      await redis.zadd(name, value.sortedSet[at + 1] ?? '', value.sortedSet[at] ?? '');
}

beforeAll(async () => {
  server = await ownRedis();
  redis = connectQueue(server.address, log);
  for (const [name, value] of Object.entries(kept.keys as unknown as Record<string, Kept>)) await restore(name, value);
  stateDir = await mkdtemp(join(tmpdir(), 'redisops-'));
  await mkdir(join(stateDir, 'open-runs'));
  await writeFile(join(stateDir, 'history.jsonl'), kept.history);
  await writeFile(join(stateDir, 'open-runs/redis.jsonl'), kept.openRun);
});

afterAll(async () => {
  redis.disconnect();
  await server.end();
  await rm(stateDir, { recursive: true });
});

describe('records of version 0.1', () => {
  it('every run, with its goal, origin and status', async () => {
    const { runs, unreadable } = await store().history('redis', 100);
    expect(unreadable).toEqual([]);
    const goals = runs.filter(({ run }) => run.startsWith('goal-')).map(({ goal }) => goal);
    expect(goals.toReversed()).toEqual([
      { kind: 'converge' },
      { kind: 'rollback', revision: 'b'.repeat(40) },
      { kind: 'resync', node: 'redis-03' },
      { kind: 'purge', node: 'redis-02' },
      { kind: 'purge' },
    ]);
    expect(new Set(runs.map(({ origin }) => origin.from))).toEqual(new Set(['slack', 'github', 'cli', 'redisops']));
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(runStatus.options));
  });

  it('a run with all that can be said of one', async () => {
    expect(await store().run('whole')).toMatchObject({
      base: 'beef',
      attempt: 2,
      breakGlass: 'outage',
      waited: 1,
      waits: { code: 'FROZEN', message: 'redis is frozen', since: '2025-12-03T14:05:09.000Z' },
      decision: { by: 'U2', decision: 'approved' },
      stop: { by: 'anna', at: '2025-12-03T14:05:09.000Z' },
    });
    expect(await store().threadOf('whole')).toEqual({ channel: 'C0OPS', timestamp: '1764770709.000100' });
    expect((await store().journal('whole')).map(({ state }) => state)).toEqual(['began', 'ended', 'failed']);
  });

  it('approvals and what became of them', async () => {
    expect(await store().approval('whole')).toMatchObject({
      run: 'whole',
      plan: { goal: { kind: 'resync' } },
      breakGlass: 'outage',
    });
    expect(await store().decisionOn('approved')).toMatchObject({ by: 'U2', decision: 'approved' });
    expect(await store().decisionOn('denied')).toMatchObject({ by: 'U2', decision: 'denied' });
    expect(await store().expireApproval('late')).toBe('expired');
  });

  it('reads unreported results', async () => {
    const results = await store().takeUnreported('redis');
    expect(results).toHaveLength(6);
    expect(results.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      putBack: { nodes: ['redis-02'] },
      backups: [{ node: 'redis-02', written: { changes: 3 } }],
      verification: { reasons: [{ code: 'REPLICA_LINK_DOWN' }] },
    });
  });

  it('drift, lock, branch, owner and audit', async () => {
    expect((await store().drift('redis'))?.look.drifts).toHaveLength(8);
    expect(await store().drift('shop')).toMatchObject({ message: null, goneAt: '2025-12-03T14:05:09.000Z' });
    expect(await store().lockOn('redis')).toMatchObject({ by: { from: 'slack', actor: 'U0ANNA' }, until: null });
    expect(await store().lastHandledCommit('acme/infra:main')).toBe('c'.repeat(40));
    expect(await store().clusterOwners()).toEqual(new Map([['redis', 'acme/infra']]));
    expect((await auditTrail(redis)).at(0)).toMatchObject({ what: 'lock', outcome: 'NOT_ALLOWED' });
  });

  it.each(kept.jobs)('the payload of $id', ({ data }) => {
    expect(jobPayload.parse(data)).toEqual({ run: data.run, cluster: 'redis' });
  });

  it('the command line’s history, and its run that broke off', async () => {
    expect((await readHistory(stateDir, 'redis', 10)).runs.map(({ run }) => run)).toEqual(['cli-2', 'cli-1']);
    expect(await openRunsIn(stateDir).find('redis')).toMatchObject({
      record: { run: 'cli-3' },
      contents: 'digest',
      journal: [{ action: 'write-file' }],
    });
  });

  it('and nothing of it is left out', () => {
    expect(log.lines).toEqual([]);
  });
});
