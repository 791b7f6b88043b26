import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exampleRepository } from '../../lab/example-repository.ts';
import { resetHosts } from '../../lab/hosts.ts';
import { on, openProgram, type Program } from './program.ts';
import { PLAIN_PASSWORD, SENTINEL_HOSTS, plainCli, sentinelCli } from './sentinels.ts';

const plan = z.looseObject({
  waves: z.array(z.looseObject({ actions: z.array(z.looseObject({ node: z.string(), kind: z.string() })) })),
  blockers: z.array(z.looseObject({ code: z.string(), node: z.string().nullable() })),
});
const status = z.looseObject({
  verdict: z.string(),
  nodes: z.array(z.looseObject({ name: z.string() })),
  sentinel: z.looseObject({
    master: z.string().nullable(),
    quorum: z.number().nullable(),
    sentinels: z.array(z.looseObject({ name: z.string(), reachable: z.boolean(), sees: z.number().nullable() })),
  }),
  readiness: z.array(z.looseObject({ code: z.string(), message: z.string() })),
});

/** redis-03 is in the group of the Sentinels only. */
const INVENTORY = `all:
  vars:
    ansible_user: ops
  children:
    redis:
      hosts:
        redis-01: { ansible_host: 10.0.0.123 }
        redis-02: { ansible_host: 10.0.0.124 }
    sentinels:
      hosts:
        redis-01:
        redis-02:
        redis-03: { ansible_host: 10.0.0.125 }
`;

let program: Program;

beforeAll(async () => {
  await resetHosts();
  program = await openProgram();
});

afterAll(() => program.close());

async function asks(enabled: boolean, ...more: readonly string[]): Promise<void> {
  const variables = [
    'redis_sentinel_group: sentinels',
    'redis_sentinel_down_after: 2000',
    'redis_sentinel_failover_timeout: 10000',
    'redis_config:',
    '  repl-diskless-sync-delay: 0',
    ...more,
  ];
  const files = exampleRepository({ password: PLAIN_PASSWORD, replication: true, variables });
  const path = 'ansible/group_vars/redis.yml';
  await program.write({
    ...files,
    'ansible/inventory/hosts.yml': INVENTORY,
    [path]: (files[path] ?? '').replace('redis_enable_sentinel: false', `redis_enable_sentinel: ${String(enabled)}`),
  });
}

async function planned(): Promise<readonly string[]> {
  const { waves, blockers } = await program.json(plan, 'plan');
  expect(blockers).toEqual([]);
  return waves.flatMap(({ actions }) => actions.map(({ node, kind }) => `${node} ${kind}`));
}

describe('a Sentinel on a host without Redis', () => {
  it('is set up with the others, and gets nothing of Redis', async () => {
    await asks(true);
    const steps = await planned();
    expect(steps.filter((step) => step.startsWith('redis-03'))).toEqual([
      'redis-03 set-up-sentinel',
      'redis-03 await-sentinels',
    ]);
    await program.applies();
    const read = await program.json(status, 'status');
    expect(read).toMatchObject({ verdict: 'healthy', readiness: [], sentinel: { master: 'redis-01', quorum: 2 } });
    expect(read.nodes.map(({ name }) => name)).toEqual(['redis-01', 'redis-02']);
    expect(read.sentinel.sentinels.map(({ name, sees }) => [name, sees])).toEqual(
      SENTINEL_HOSTS.map((name) => [name, 2]),
    );
    expect(await on('redis-03', 'systemctl is-active redis-server || true')).toBe('inactive');
    expect(await on('redis-03', 'systemctl is-enabled redis-server || true')).not.toBe('enabled');
    expect(await on('redis-03', 'ls -d /data/redis 2>/dev/null || echo none')).toBe('none');
    expect(await on('redis-03', 'stat -c "%U:%G %a" /etc/redis/sentinel.conf')).toBe('redis:redis 640');
    expect(await planned()).toEqual([]);
    expect((await program.run(['render', 'redis-03', '--file', 'sentinel.conf'])).stdout).toContain('bind 10.0.0.125');
  });

  it('takes a changed setting, and is in the drift', async () => {
    await on('redis-03', 'redis-cli -p 26379 SENTINEL SET redis down-after-milliseconds 9000');
    expect((await program.run(['drift'])).stdout).toContain('down-after-milliseconds');
    expect(await planned()).toEqual(['redis-03 sentinel-set', 'redis-03 await-sentinels']);
    await program.applies();
    expect(await sentinelCli('redis-03', 'SENTINEL', 'MASTER', 'redis')).toMatch(/down-after-milliseconds\n2000/);
  });

  it('votes: with the master’s host gone, the other two elect a new one', async () => {
    await on(
      'redis-01',
      'systemctl kill --signal=KILL redis-server redis-sentinel; systemctl stop redis-server redis-sentinel',
    );
    const role = async () => (await plainCli('redis-02', 'ROLE')).split('\n')[0];
    await expect.poll(role, { timeout: 60_000 }).toBe('master');
    await on('redis-01', 'systemctl start redis-server redis-sentinel');
    const verdict = async () => (await program.json(status, 'status')).verdict;
    await expect.poll(verdict, { timeout: 60_000, interval: 1000 }).toBe('healthy');
    expect(await planned()).toEqual([]);
  });

  it('is named where it does not run, or cannot be read', async () => {
    await on('redis-03', 'systemctl stop redis-sentinel');
    const stopped = await program.json(status, 'status');
    expect(stopped.readiness.map(({ code }) => code)).toContain('SENTINEL_NOT_RUNNING');
    expect(stopped.readiness.map(({ code }) => code)).not.toContain('SENTINEL_GHOST');
    await on('redis-03', 'iptables -I INPUT -p tcp --dport 22 -j REJECT');
    try {
      const unread = await program.json(status, 'status');
      expect(unread.readiness).toMatchObject([{ code: 'SENTINEL_UNREADABLE' }]);
      const { blockers } = await program.json(plan, 'plan');
      expect(blockers).toMatchObject([{ code: 'SSH_UNREACHABLE', node: 'redis-03' }]);
    } finally {
      await on('redis-03', 'iptables -D INPUT -p tcp --dport 22 -j REJECT');
    }
    await program.applies();
    expect(await program.json(status, 'status')).toMatchObject({ verdict: 'healthy', readiness: [] });
  });

  it('is held by a run like every node', async () => {
    await on('redis-03', 'systemd-run --quiet --unit=other-run flock /run/redisops.lock sleep 300');
    await asks(true, '  timeout: 300');
    const { stdout } = await program.run(['apply', '--yes', '--json']);
    expect(stdout).toContain('RUN_IN_PROGRESS');
    await on('redis-03', 'systemctl stop other-run');
    await program.applies();
  });

  it('is stopped with the others where Git turns Sentinel off', async () => {
    await asks(false, '  timeout: 300');
    // Without Sentinel, no start waits for it.
    const dropIns = ['redis-01', 'redis-02'].flatMap((host) => [`${host} write-file`, `${host} daemon-reload`]);
    expect(await planned()).toEqual([...SENTINEL_HOSTS.map((host) => `${host} stop-sentinel`), ...dropIns]);
    await program.applies();
    for (const host of SENTINEL_HOSTS)
      expect(await on(host, 'systemctl is-active redis-sentinel || true')).toBe('inactive');
    expect(await planned()).toEqual([]);
  });
});
