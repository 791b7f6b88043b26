import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { infoField, redisCli, replicasOnline } from './lab-cluster.ts';
import { on, openHealthyCluster, type Program } from './program.ts';

const status = z.looseObject({
  verdict: z.string(),
  reasons: z.array(z.looseObject({ code: z.string(), node: z.string().nullable(), message: z.string() })),
  incidents: z.array(z.looseObject({ code: z.string(), node: z.string() })),
});
const HOSTS = ['redis-01', 'redis-02', 'redis-03'];

describe('what happened to nodes by no run', () => {
  let program: Program;

  beforeAll(async () => {
    program = await openHealthyCluster();
  });

  afterAll(() => program.close());

  async function look() {
    const { stdout } = await program.run(['status', '--json']);
    return status.parse(JSON.parse(stdout));
  }

  async function crash(host: string): Promise<void> {
    const before = await infoField(host, 'run_id');
    await on(host, 'systemctl kill --signal=KILL redis-server');
    await expect
      .poll(async () => [before, ''].includes(await infoField(host, 'run_id').catch(() => '')), { timeout: 10_000 })
      .toBe(false);
    await replicasOnline('redis-01', 2);
  }

  it('is nothing after a run, which restarts them itself', async () => {
    await program.asks({ directives: { databases: 17 } });
    await program.applies();
    expect(await look()).toMatchObject({ verdict: 'healthy', incidents: [] });
  });

  it('is nothing where clients delete keys', async () => {
    await redisCli('redis-01', 'EVAL', "for i = 1, 500 do redis.call('SET', i, i) end", '0');
    await look();
    await redisCli('redis-01', 'DEL', '1', '2', '3');
    expect(await look()).toMatchObject({ verdict: 'healthy', incidents: [] });
  });

  it('is a restart, where a replica came back with its data: reported, and healthy', async () => {
    await crash('redis-03');
    const { verdict, incidents } = await look();
    expect(verdict).toBe('healthy');
    expect(incidents).toMatchObject([{ code: 'REDIS_RESTARTED', node: 'redis-03' }]);
    await program.run(['acknowledge']);
    expect((await look()).incidents).toEqual([]);
  });

  it('is lost data, where the master came back empty: degraded until it is acknowledged, through runs, too', async () => {
    await crash('redis-01');
    for (const host of HOSTS) expect(await redisCli(host, 'DBSIZE')).toBe('0');
    await program.asks({ directives: { databases: 17, timeout: 100 } });
    await program.applies();
    const { verdict, reasons } = await look();
    expect(verdict).toBe('degraded');
    expect(reasons.map(({ code, node }) => `${code} ${node}`)).toEqual(HOSTS.map((host) => `DATA_LOST ${host}`));
    expect(reasons[0]?.message).toMatch(
      /restarted, its replication ID is new, its offset fell .* keys went from 497 to 0/,
    );
    const { code, stdout } = await program.run(['doctor', '--json']);
    expect(code).toBe(1);
    expect(stdout).toContain('DATA_LOST');
    expect((await program.run(['acknowledge'])).stdout).toContain('3 incidents acknowledged');
    expect(await look()).toMatchObject({ verdict: 'healthy', incidents: [] });
  });
});
