import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resetHosts } from '../../lab/hosts.ts';
import { restoreNetwork, slowNetwork } from '../../lab/network.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import { verify } from '../../src/verify/verify.ts';
import { startChild } from './child.ts';
import {
  PASSWORD,
  bringUp,
  carryOut,
  infoField,
  openLabCluster,
  redisCli,
  run,
  underWriter,
  type LabCluster,
} from './lab-cluster.ts';
import { resyncPlan } from './plans.ts';

/** 20,000 keys of 480 bytes that cannot be compressed much, made where they stand. */
const FILL = `for i=1,20000 do
  local text = redis.sha1hex(i)
  for j=1,11 do text = text .. redis.sha1hex(i..':'..j) end
  redis.call('SET', 'data:'..i, text)
end`;

describe('resync', () => {
  let lab: LabCluster;
  let desired: DesiredCluster;

  beforeAll(async () => {
    await resetHosts();
    lab = await openLabCluster();
    // Without the master's pause of five seconds for further replicas, kills fall into every phase.
    desired = await lab.asks({ variables: ['redis_config:', '  repl-diskless-sync-delay: 0'] });
    await bringUp(desired, lab.nodes);
    await redisCli('redis-01', 'EVAL', FILL, '0');
  });

  afterAll(() => lab.close());

  it('cuts the link, which comes back from the backlog: no full synchronization', async () => {
    const before = await counters('redis-01');
    const { failure, recap } = await carryOut(resyncPlan(desired, 'redis-03', 'partial'), desired, lab.nodes);
    const after = await counters('redis-01');
    expect(failure).toBeNull();
    expect(recap).toContainEqual({ name: 'redis-03', ok: 1, changed: 1, failed: 0, skipped: 0 });
    expect(after).toEqual({ full: before.full, partial: before.partial + 1 });
    expect(await keys('redis-03')).toBe(20_000);
  });

  it('synchronizes fully while a client writes, and loses nothing', async () => {
    const before = await counters('redis-01');
    const figures = await underWriter(async () => {
      const { failure } = await carryOut(resyncPlan(desired, 'redis-03', 'full'), desired, lab.nodes);
      expect(failure).toBeNull();
    });
    expect((await counters('redis-01')).full).toBe(before.full + 1);
    expect(figures.acknowledged).toBeGreaterThan(20);
    expect(figures).toMatchObject({ lost: 0, refused: 0 });
    expect((await verify(desired, lab.nodes)).verdict).toBe('healthy');
    expect(await keys('redis-03')).toBe(await keys('redis-01'));
  });

  it('synchronizes in full while the link is up, and reports the bytes', async () => {
    await slowNetwork('redis-03', 30_000);
    try {
      const { plan, events, failure } = await run({ kind: 'resync', node: 'redis-03' }, desired, lab.nodes);
      expect(plan.blockers).toEqual([]);
      expect(failure).toBeNull();
      const figures = events.flatMap((event) =>
        event.kind === 'step-progress' && event.progress.message === 'receiving a full synchronization'
          ? [event.progress.doneBytes ?? 0]
          : [],
      );
      expect(figures.length).toBeGreaterThan(3);
      expect(figures).toEqual(figures.toSorted((a, b) => a - b));
    } finally {
      await restoreNetwork('redis-03');
    }
  });

  it('refuses a master with fewer keys, and leaves the replica unchanged', async () => {
    const runId = await infoField('redis-01', 'run_id');
    await redisCli('redis-03', 'CONFIG', 'SET', 'replica-read-only', 'no');
    await redisCli('redis-03', 'EVAL', `for i=1,2000 do redis.call('SET','own:'..i,'x') end`, '0');
    const { failure } = await carryOut(resyncPlan(desired, 'redis-03', 'full'), desired, lab.nodes);
    expect(failure?.error.code).toBe('RESYNC_MASTER_HAS_FEWER_KEYS');
    expect(await redisCli('redis-03', 'EXISTS', 'own:1')).toBe('1');
    expect(await infoField('redis-01', 'run_id')).toBe(runId);
    await redisCli('redis-03', 'EVAL', `for i=1,2000 do redis.call('DEL','own:'..i) end`, '0');
    await redisCli('redis-03', 'CONFIG', 'SET', 'replica-read-only', 'yes');
  });

  it('refuses a master', async () => {
    const plan = resyncPlan(desired, 'redis-01', 'full', 'redis-02');
    const { failure } = await carryOut(plan, desired, lab.nodes);
    expect(failure?.error.code).toBe('RESYNC_NOT_A_REPLICA');
    expect(await infoField('redis-01', 'role')).toBe('master');
  });

  it('refuses while the master synchronizes another replica, and waits for one of its own', async () => {
    await slowNetwork('redis-02', 20_000);
    try {
      const own = carryOut(resyncPlan(desired, 'redis-02', 'full'), desired, lab.nodes);
      await until(async () => (await infoField('redis-02', 'master_sync_in_progress')) === '1');
      const full = (await counters('redis-01')).full;
      const other = await carryOut(resyncPlan(desired, 'redis-03', 'full'), desired, lab.nodes);
      const second = await carryOut(resyncPlan(desired, 'redis-02', 'full'), desired, lab.nodes);
      expect(other.failure?.error.code).toBe('SYNC_IN_PROGRESS');
      expect(second.failure).toBeNull();
      expect(second.recap).toContainEqual({ name: 'redis-02', ok: 1, changed: 0, failed: 0, skipped: 0 });
      expect((await own).failure).toBeNull();
      expect((await counters('redis-01')).full).toBe(full);
    } finally {
      await restoreNetwork('redis-02');
    }
  });

  it('never leaves the replica detached, killed at whatever instant', { timeout: 240_000 }, async () => {
    const roles = watchRole('10.0.0.125');
    const fullBefore = (await counters('redis-01')).full;
    for (let attempt = 0; attempt < 24; attempt += 1) {
      const child = await startChild('resync-child.ts', [lab.path, 'redis-03']);
      await pause(attempt * 17 + (attempt % 3));
      await child.kill();
      expect(await redisCli('redis-03', 'ROLE')).toContain('slave\n10.0.0.123\n6379');
    }
    await until(async () => (await infoField('redis-03', 'master_link_status')) === 'up');
    const seen = await roles.end();
    const full = (await counters('redis-01')).full - fullBefore;
    expect(full).toBeGreaterThan(0);
    expect(seen.length).toBeGreaterThan(1000);
    expect(new Set(seen)).toEqual(new Set(['slave']));
    expect((await verify(desired, lab.nodes)).verdict).toBe('healthy');
    expect(await keys('redis-03')).toBe(await keys('redis-01'));
  });
});

async function counters(host: string): Promise<{ full: number; partial: number }> {
  return {
    full: Number(await infoField(host, 'sync_full')),
    partial: Number(await infoField(host, 'sync_partial_ok')),
  };
}

async function keys(host: string): Promise<number> {
  return Number(await redisCli(host, 'DBSIZE'));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  await expect.poll(condition, { timeout: 20_000, interval: 20 }).toBe(true);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Asks a node for its role every millisecond or two. */
function watchRole(host: string): { end(): Promise<readonly string[]> } {
  const redis = new Redis({ host, password: PASSWORD, retryStrategy: () => 10 });
  redis.on('error', () => {});
  const seen: string[] = [];
  const state = { running: true };
  const loop = (async () => {
    while (state.running) {
      const role = await redis.role().catch(() => null);
      if (role) seen.push(String(role[0]));
      await pause(1);
    }
  })();
  return {
    async end() {
      state.running = false;
      await loop;
      redis.disconnect();
      return seen;
    },
  };
}
