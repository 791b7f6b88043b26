import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exampleRepository } from '../../lab/example-repository.ts';
import { resetHosts } from '../../lab/hosts.ts';
import { on, openProgram, type Program } from './program.ts';
import { PLAIN_PASSWORD, SENTINEL_HOSTS, plainCli, sentinelCli } from './sentinels.ts';

const plan = z.looseObject({
  waves: z.array(
    z.looseObject({
      actions: z.array(z.looseObject({ node: z.string(), kind: z.string(), disruptive: z.boolean() })),
    }),
  ),
  blockers: z.array(z.looseObject({ code: z.string() })),
});
const status = z.looseObject({
  verdict: z.string(),
  sentinel: z.looseObject({ master: z.string().nullable() }),
  readiness: z.array(z.looseObject({ code: z.string() })),
});
const doctor = z.looseObject({
  findings: z.array(z.looseObject({ id: z.string(), remedy: z.string(), fix: z.string().nullable() })),
});

let program: Program;

beforeAll(async () => {
  await resetHosts();
  program = await openProgram();
  const path = 'ansible/group_vars/redis.yml';
  const variables = [
    'redis_sentinel_down_after: 2000',
    'redis_sentinel_failover_timeout: 10000',
    'redis_config:',
    '  repl-diskless-sync-delay: 0',
  ];
  const files = exampleRepository({ password: PLAIN_PASSWORD, replication: true, variables });
  const text = (files[path] ?? '').replace('redis_enable_sentinel: false', 'redis_enable_sentinel: true');
  await program.write({ ...files, [path]: text });
  await program.applies();
});

afterAll(() => program.close());

async function planned() {
  const { waves, blockers } = await program.json(plan, 'plan');
  return {
    steps: waves.flatMap(({ actions }) => actions.map(({ node, kind }) => `${node} ${kind}`)),
    asks: waves.some(({ actions }) => actions.some(({ disruptive }) => disruptive)),
    codes: blockers.map(({ code }) => code),
  };
}

const codes = async () => (await program.json(status, 'status')).readiness.map(({ code }) => code);

async function isReady(master: string): Promise<void> {
  const read = async () => {
    const { verdict, sentinel, readiness } = await program.json(status, 'status');
    return [verdict, sentinel.master, readiness.map(({ code }) => code).join()];
  };
  await expect.poll(read, { timeout: 60_000, interval: 1000 }).toEqual(['healthy', master, '']);
  expect(await planned()).toMatchObject({ steps: [], codes: [] });
}

describe('Sentinels that differ', () => {
  it('are healed alone: one that was told of another master', async () => {
    const id = await sentinelCli('redis-02', 'SENTINEL', 'MYID');
    await sentinelCli('redis-02', 'SENTINEL', 'REMOVE', 'redis');
    // A replica for a master: it would be followed back to the real one only after a failover.
    await sentinelCli('redis-02', 'SENTINEL', 'MONITOR', 'redis', '10.0.0.125', '6379', '2');
    await expect.poll(codes, { timeout: 40_000, interval: 500 }).toContain('SENTINEL_MASTERS_DIFFER');
    const { findings } = await program.json(doctor, 'doctor');
    expect(findings.find(({ id: code }) => code === 'SENTINEL_MASTERS_DIFFER')).toMatchObject({ fix: 'apply' });
    const shown = await planned();
    expect(shown).toMatchObject({ asks: true, codes: [] });
    expect(shown.steps).toContain('redis-02 watch-master');
    expect(shown.steps.filter((step) => step.endsWith('watch-master'))).toHaveLength(1);
    await program.applies();
    expect(await sentinelCli('redis-02', 'SENTINEL', 'MYID')).toBe(id);
    expect(await sentinelCli('redis-02', 'SENTINEL', 'MASTER', 'redis')).toMatch(/failover-timeout\n10000/);
    await isReady('redis-01');
  });

  it('forget what is gone, one at a time', async () => {
    for (const host of SENTINEL_HOSTS) {
      const ghost = [
        `sentinel known-sentinel redis 10.0.0.150 26379 ${'e'.repeat(40)}`,
        'sentinel known-replica redis 10.0.0.151 6379',
      ];
      await on(
        host,
        `systemctl stop redis-sentinel; printf '${ghost.join(String.raw`\n`)}\n' >>/etc/redis/sentinel.conf; systemctl start redis-sentinel`,
      );
    }
    await expect.poll(codes, { timeout: 60_000, interval: 500 }).toEqual(['SENTINEL_GHOST']);
    const shown = await planned();
    expect(shown).toEqual({
      steps: [...SENTINEL_HOSTS.map((host) => `${host} reset-sentinel`), 'redis-03 await-sentinels'],
      asks: true,
      codes: [],
    });
    await program.applies();
    await isReady('redis-01');
  });

  it('let go of a master that a person replaced behind their back, and watch the new one', async () => {
    await plainCli('redis-01', 'SET', 'kept', 'yes');
    for (const host of SENTINEL_HOSTS) await on(host, 'systemctl stop redis-sentinel');
    await plainCli('redis-02', 'REPLICAOF', 'NO', 'ONE');
    for (const host of ['redis-01', 'redis-03']) await plainCli(host, 'REPLICAOF', '10.0.0.124', '6379');
    const up = async () => plainCli('redis-01', 'INFO', 'replication');
    await expect.poll(up, { timeout: 60_000 }).toContain('master_link_status:up');
    // Longer than the test: else Sentinel turns the roles back.
    for (const host of SENTINEL_HOSTS)
      await on(
        host,
        'sed -i "s/failover-timeout redis .*/failover-timeout redis 180000/" /etc/redis/sentinel.conf; systemctl start redis-sentinel',
      );
    await expect.poll(codes, { timeout: 60_000, interval: 500 }).toContain('SENTINEL_MASTERS_DIFFER');
    expect((await planned()).codes).toContain('SENTINEL_MASTERS_DIFFER');
    const { code, stdout } = await program.run(['failover', 'accept-history', 'redis-02', '--yes']);
    expect(stdout).toContain('Have the Sentinel on redis-01 watch redis-02');
    expect(code).toBe(0);
    expect(await plainCli('redis-02', 'GET', 'kept')).toBe('yes');
    await program.applies();
    await isReady('redis-02');
  });
});
