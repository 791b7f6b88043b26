import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { until } from '../../lab/until.ts';
import { on, openHealthyCluster, type Program } from './program.ts';
import { PLAIN_PASSWORD, SENTINEL_HOSTS, plainCli } from './sentinels.ts';

const ended = z.looseObject({ outcome: z.string(), code: z.string() });
const moved = z.looseObject({
  outcome: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  writes: z.looseObject({ lost: z.number() }).nullable(),
});
const status = z.looseObject({
  verdict: z.string(),
  nodes: z.array(z.looseObject({ name: z.string(), role: z.string().nullable(), drained: z.unknown().optional() })),
  notes: z.array(z.looseObject({ code: z.string() })),
});
const plan = z.looseObject({ waves: z.array(z.unknown()), blockers: z.array(z.unknown()) });
const drift = z.looseObject({ drifts: z.array(z.unknown()) });
const refused = z.looseObject({ outcome: z.string(), code: z.string() });

let program: Program;

beforeAll(async () => {
  program = await openHealthyCluster({ password: PLAIN_PASSWORD });
});

afterAll(() => program.close());

async function role(host: string): Promise<string> {
  return (await plainCli(host, 'ROLE')).split('\n')[0] ?? '';
}

async function priority(host: string): Promise<string> {
  return (await plainCli(host, 'CONFIG', 'GET', 'replica-priority')).split('\n')[1] ?? '';
}

function conf(host: string): Promise<string> {
  return on(host, 'sha256sum </etc/redis/redis.conf');
}

async function isAsGit(): Promise<void> {
  expect(await program.json(plan, 'plan')).toMatchObject({ waves: [], blockers: [] });
  expect((await program.json(drift, 'drift')).drifts).toEqual([]);
}

describe('a drained host', () => {
  it('that does not exist is not drained', async () => {
    for (const words of [['drain'], ['drain', 'redis-01', 'redis-02'], ['drain', 'redis-9'], ['undrain', 'redis-9']])
      expect(await program.run(words)).toMatchObject({ code: 64 });
    expect(await program.json(ended, 'undrain', 'redis-02')).toMatchObject({ outcome: 'nothing-to-do' });
  });

  it('takes no role, through a restart too, and is no drift', async () => {
    const before = await conf('redis-03');
    const { code, stdout } = await program.run(['drain', 'redis-03']);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('its host may be rebooted') });
    await on('redis-03', 'systemctl restart redis-server');
    await until(
      'redis-03 to be back',
      30,
      async () => (await plainCli('redis-03', 'ROLE')).includes('connected') || null,
    );
    expect(await priority('redis-03')).toBe('0');
    await isAsGit();
    const seen = await program.json(status, 'status');
    expect(seen).toMatchObject({ verdict: 'healthy', notes: [{ code: 'NODE_DRAINED' }] });
    expect(seen.nodes.map(({ drained }) => drained !== undefined)).toEqual([false, false, true]);
    expect(await program.json(refused, 'failover', 'redis-03', '--yes')).toMatchObject({ code: 'NO_CANDIDATE' });
    expect((await program.run(['failover', 'redis-03'])).stdout.replaceAll(/\s+/g, ' ')).toContain('is drained since');

    expect(await program.json(ended, 'drain', 'redis-03')).toMatchObject({ outcome: 'nothing-to-do' });
    expect(await program.json(ended, 'undrain', 'redis-03')).toMatchObject({ outcome: 'done' });
    expect(await priority('redis-03')).toBe('100');
    expect(await conf('redis-03')).toBe(before);
    expect(await on('redis-03', 'ls /var/lib/redisops/')).not.toContain('drained');
    await isAsGit();
  });

  it('gives its role away first, after an approval, and keeps every write', async () => {
    expect(await program.json(refused, 'drain', 'redis-01')).toMatchObject({ code: 'APPROVAL_NEEDED' });
    expect(await priority('redis-01')).toBe('100');
    const end = await program.json(moved, 'drain', 'redis-01', '--yes');
    expect(end).toMatchObject({ outcome: 'done', from: 'redis-01', to: 'redis-02', writes: { lost: 0 } });
    expect(await role('redis-01')).toBe('slave');
    expect(await priority('redis-01')).toBe('0');
    await isAsGit();
    expect(await program.json(ended, 'undrain', 'redis-01')).toMatchObject({ outcome: 'done' });
    expect(await role('redis-02')).toBe('master');
    await isAsGit();
  });

  it('is one in the end, wherever redisops was killed', async () => {
    const child = program.start(['drain', 'redis-02', '--yes']);
    await until(
      'the note',
      60,
      async () => (await on('redis-02', 'ls /var/lib/redisops/')).includes('.drained') || null,
    );
    child.kill('SIGKILL');
    await until('the lock to end', 60, async () => {
      const { outcome, code } = await program.json(ended, 'drain', 'redis-02', '--yes');
      return outcome === 'done' || code === 'NOTHING_TO_DO' || null;
    });
    expect(await role('redis-02')).toBe('slave');
    expect(await priority('redis-02')).toBe('0');
    expect(await program.json(ended, 'undrain', 'redis-02')).toMatchObject({ outcome: 'done' });
    await isAsGit();
  });

  it('would stop writes where each replica is needed', async () => {
    await program.asks({ password: PLAIN_PASSWORD, directives: { 'min-replicas-to-write': 2 } });
    await program.applies();
    expect(await program.json(refused, 'drain', 'redis-03')).toMatchObject({ code: 'DRAIN_UNSAFE' });
    expect(await priority('redis-03')).toBe('100');
  });

  it('gives its role away through Sentinel', async () => {
    await program.asks({ password: PLAIN_PASSWORD });
    const path = 'ansible/group_vars/redis.yml';
    const text = await readFile(`${program.folder}/${path}`, 'utf8');
    const sentinel = 'redis_enable_sentinel: true\nredis_sentinel_down_after: 2000\n';
    await program.write({ [path]: text.replace('redis_enable_sentinel: false\n', sentinel) });
    await program.applies();
    const roles = await Promise.all(SENTINEL_HOSTS.map(role));
    const master = SENTINEL_HOSTS[roles.indexOf('master')] ?? '';
    const end = await program.json(moved, 'drain', master, '--yes');
    expect(end).toMatchObject({ outcome: 'done', from: master, writes: { lost: 0 } });
    expect(await priority(master)).toBe('0');
    await isAsGit();
    expect(await program.json(ended, 'undrain', master)).toMatchObject({ outcome: 'done' });
    expect(await priority(master)).toBe('100');
    await isAsGit();
  });
});
