import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resetHosts } from '../../lab/hosts.ts';
import { on, openProgram, type Program } from './program.ts';
import { PLAIN_PASSWORD, SENTINEL_HOSTS, plainCli, sentinelCli } from './sentinels.ts';

const plan = z.looseObject({
  waves: z.array(z.looseObject({ actions: z.array(z.looseObject({ node: z.string(), kind: z.string() })) })),
  blockers: z.array(z.looseObject({ code: z.string(), message: z.string() })),
});
const status = z.looseObject({
  verdict: z.string(),
  sentinel: z.looseObject({
    master: z.string().nullable(),
    quorum: z.number().nullable(),
    sentinels: z.array(z.unknown()),
  }),
  readiness: z.array(z.unknown()),
});

let program: Program;

beforeAll(async () => {
  await resetHosts();
  program = await openProgram();
});

afterAll(() => program.close());

const SENTINEL = [
  'redis_enable_sentinel: true',
  'redis_sentinel_down_after: 2000',
  'redis_sentinel_failover_timeout: 10000',
];

async function asks(...variables: readonly string[]): Promise<void> {
  await program.asks({ password: PLAIN_PASSWORD, variables });
  // The example says false.
  const path = 'ansible/group_vars/redis.yml';
  const text = await on('redis-01', 'true').then(async () =>
    (await import('node:fs/promises')).readFile(`${program.folder}/${path}`, 'utf8'),
  );
  await program.write({
    [path]: variables.some((line) => line.startsWith('redis_enable_sentinel'))
      ? text.replace('redis_enable_sentinel: false\n', '')
      : text,
  });
}

async function planned(): Promise<readonly string[]> {
  const { waves, blockers } = plan.parse(JSON.parse((await program.run(['plan', '--json'])).stdout));
  expect(blockers).toEqual([]);
  return waves.flatMap(({ actions }) => actions.map(({ node, kind }) => `${node} ${kind}`));
}

async function master(): Promise<string> {
  const [host = ''] = (await sentinelCli('redis-02', 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'redis')).split('\n');
  return host;
}

describe('Sentinel on by one plan', () => {
  it('comes from bare hosts, and is ready', async () => {
    await asks(...SENTINEL);
    const shown = await program.run(['plan']);
    expect(shown.stdout).toContain('a new one takes writes after about 2.5 s');
    await program.applies();
    const read = status.parse(JSON.parse((await program.run(['status', '--json'])).stdout));
    expect(read).toMatchObject({ verdict: 'healthy', readiness: [], sentinel: { master: 'redis-01', quorum: 2 } });
    for (const host of SENTINEL_HOSTS) {
      expect(await sentinelCli(host, 'SENTINEL', 'CKQUORUM', 'redis')).toContain('OK 3 usable');
      expect(await on(host, 'stat -c "%U:%G %a" /etc/redis/sentinel.conf')).toBe('redis:redis 640');
      expect(await on(host, 'systemctl is-enabled redis-sentinel')).toBe('enabled');
      expect(await sentinelCli(host, 'SENTINEL', 'MASTERS')).not.toContain('mymaster');
    }
    expect(await planned()).toEqual([]);
  });

  it('takes a changed setting on every Sentinel, live', async () => {
    const pids = async () =>
      Promise.all(SENTINEL_HOSTS.map((host) => on(host, 'systemctl show -p MainPID redis-sentinel')));
    const before = await pids();
    await asks(...SENTINEL, 'redis_sentinel_parallel_syncs: 2');
    expect(await planned()).toEqual([
      ...SENTINEL_HOSTS.map((host) => `${host} sentinel-set`),
      'redis-03 await-sentinels',
    ]);
    await program.applies();
    expect(await pids()).toEqual(before);
    expect(await planned()).toEqual([]);
  });

  it('follows an automatic failover, and moves nothing', async () => {
    await plainCli('redis-01', 'SET', 'kept', 'yes');
    await on('redis-01', 'systemctl kill --signal=KILL redis-server; systemctl stop redis-server');
    await expect.poll(master, { timeout: 60_000 }).not.toBe('10.0.0.123');
    const now = await master();
    await on('redis-01', 'systemctl start redis-server');
    const isReplica = async () => (await plainCli('redis-01', 'ROLE')).split('\n')[0];
    await expect.poll(isReplica, { timeout: 60_000 }).toBe('slave');
    const isAgreed = async () =>
      status.safeParse(JSON.parse((await program.run(['status', '--json'])).stdout)).data?.verdict;
    await expect.poll(isAgreed, { timeout: 60_000 }).toBe('healthy');

    await asks(...SENTINEL, 'redis_sentinel_parallel_syncs: 2', 'redis_maxmemory: 300mb');
    const kinds = new Set((await planned()).map((line) => line.split(' ')[1] ?? ''));
    expect([...kinds].toSorted((a, b) => a.localeCompare(b))).toEqual(['config-set', 'write-file']);
    await program.applies();
    expect(await master()).toBe(now);
    expect(await plainCli('redis-01', 'CONFIG', 'GET', 'maxmemory')).toContain(String(300 * 1024 * 1024));
    expect(await plainCli('redis-01', 'GET', 'kept')).toBe('yes');
    expect(await planned()).toEqual([]);
    expect((await program.run(['status'])).stdout).toContain('redis: healthy\n');
  });

  it('is put right where somebody closed it', async () => {
    await on(
      'redis-02',
      'systemctl stop redis-sentinel; sed -i "s/^protected-mode.*//" /etc/redis/sentinel.conf; echo "protected-mode yes" >>/etc/redis/sentinel.conf; systemctl start redis-sentinel',
    );
    const id = await sentinelCli('redis-02', 'SENTINEL', 'MYID');
    expect((await planned()).filter((line) => line.startsWith('redis-02'))).toEqual(['redis-02 set-up-sentinel']);
    await program.applies();
    expect(await sentinelCli('redis-02', 'SENTINEL', 'MYID')).toBe(id);
    expect(await planned()).toEqual([]);
  });

  it('takes a password of its own, one Sentinel at a time', async () => {
    await asks(
      ...SENTINEL,
      'redis_sentinel_parallel_syncs: 2',
      'redis_maxmemory: 300mb',
      'redis_sentinel_password: sentinel-pass-1',
    );
    expect(await planned()).toEqual([
      ...SENTINEL_HOSTS.map((host) => `${host} set-up-sentinel`),
      'redis-03 await-sentinels',
    ]);
    await program.applies();
    expect(await sentinelCli('redis-01', 'SENTINEL', 'MASTERS')).toContain('NOAUTH');
    expect(await planned()).toEqual([]);
    const { stdout } = await program.run(['status', '--json']);
    expect(status.parse(JSON.parse(stdout))).toMatchObject({ verdict: 'healthy', readiness: [] });
    expect(stdout).not.toContain('sentinel-pass-1');
  });

  it('is off again, before anything else', async () => {
    await asks('redis_maxmemory: 300mb');
    expect((await planned()).slice(0, 3)).toEqual(SENTINEL_HOSTS.map((host) => `${host} stop-sentinel`));
    await program.applies();
    for (const host of SENTINEL_HOSTS)
      expect(await on(host, 'systemctl is-active redis-sentinel || true')).toBe('inactive');
    expect(await planned()).toEqual([]);
  });
});
