import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { redisCli } from './lab-cluster.ts';
import { on, openHealthyCluster, type Program } from './program.ts';

const judged = z.looseObject({
  verdict: z.string(),
  reasons: z.array(z.looseObject({ code: z.string(), node: z.string().nullable(), message: z.string() })).optional(),
});

describe('a master that refuses writes', () => {
  let program: Program;

  beforeAll(async () => {
    program = await openHealthyCluster();
  });

  afterEach(async () => {
    await redisCli('redis-01', 'CONFIG', 'SET', 'maxmemory', '268435456', 'min-replicas-to-write', '0');
    await redisCli('redis-01', 'FLUSHALL');
    await on('redis-03', 'systemctl start redis-server');
  });

  afterAll(() => program.close());

  async function isReported(message: RegExp): Promise<void> {
    const status = judged.parse(JSON.parse((await program.run(['status', '--json'])).stdout));
    expect(status.verdict).not.toBe('healthy');
    expect(status.reasons).toContainEqual(
      expect.objectContaining({ code: 'WRITES_REFUSED', node: 'redis-01', message: expect.stringMatching(message) }),
    );
    expect(judged.parse(JSON.parse((await program.run(['verify', '--json'])).stdout)).verdict).not.toBe('healthy');
    expect((await program.run(['plan'])).stdout).toContain('WRITES_REFUSED');
    expect((await program.run(['doctor', '--json'])).stdout).toContain('WRITES_REFUSED');
  }

  it('is never healthy: full, and nothing is evicted', async () => {
    const used = Number(/^used_memory:(\d+)/m.exec(await redisCli('redis-01', 'INFO', 'memory'))?.[1]);
    await redisCli('redis-01', 'CONFIG', 'SET', 'maxmemory', String(used + 500_000), 'maxmemory-policy', 'noeviction');
    const fill = "for i = 1, 300 do redis.call('SET', 'k' .. i, string.rep('x', 9000)) end";
    // A script that began below the limit is let through to its end.
    await redisCli('redis-01', 'EVAL', fill, '0');
    expect(await redisCli('redis-01', 'SET', 'one', 'more')).toContain('OOM');
    await isReported(/full and refuses writes \(OOM\)/);
  });

  it('is never healthy: fewer replicas than it needs', async () => {
    await redisCli('redis-01', 'CONFIG', 'SET', 'min-replicas-to-write', '2', 'min-replicas-max-lag', '1');
    await on('redis-03', 'systemctl stop redis-server');
    await expect.poll(() => redisCli('redis-01', 'SET', 'a', '1'), { timeout: 10_000 }).toContain('NOREPLICAS');
    await isReported(/NOREPLICAS\): only 1 of the 2 replicas/);
  });
});
