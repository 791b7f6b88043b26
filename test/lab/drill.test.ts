import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { until } from '../../lab/until.ts';
import { on, openHealthyCluster, type Program } from './program.ts';
import { PLAIN_PASSWORD, SENTINEL_HOSTS, plainCli } from './sentinels.ts';

const ended = z.looseObject({ outcome: z.string(), code: z.string() });
const figures = z.looseObject({
  outcome: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  outageMs: z.looseObject({ following: z.number().nullable(), fixed: z.number().nullable() }).nullable(),
  writes: z.looseObject({ acknowledged: z.number(), lost: z.number() }).nullable(),
});
const plan = z.looseObject({ waves: z.array(z.unknown()), blockers: z.array(z.unknown()) });

let program: Program;

beforeAll(async () => {
  program = await openHealthyCluster({ password: PLAIN_PASSWORD });
});

afterAll(() => program.close());

async function roles(): Promise<readonly string[]> {
  return Promise.all(SENTINEL_HOSTS.map(async (host) => (await plainCli(host, 'ROLE')).split('\n')[0] ?? ''));
}

const AT_HOME = ['master', 'slave', 'slave'];

async function isAsBefore(): Promise<void> {
  expect(await roles()).toEqual(AT_HOME);
  expect(await program.json(plan, 'plan')).toMatchObject({ waves: [], blockers: [] });
  expect(await plainCli('redis-01', 'KEYS', 'redisops:*')).toBe('');
}

describe('a drill', () => {
  it('needs an approval, and a scenario that there is', async () => {
    expect(await program.json(ended, 'drill')).toMatchObject({ code: 'APPROVAL_NEEDED' });
    for (const words of [
      ['drill', 'fire'],
      ['drill', 'planned', 'kill'],
      ['drill', '--break-glass', 'x'],
    ])
      expect(await program.run(words)).toMatchObject({ code: 64 });
    await isAsBefore();
  });

  it('moves the role there and back, and keeps every write', async () => {
    const { code, stdout } = await program.run(['drill', 'planned', '--yes']);
    expect({ code, stdout }).toMatchObject({ code: 0 });
    const words = stdout.replaceAll(/\s+/g, ' ');
    expect(words).toContain('The drill passed');
    expect(words).toContain('planned switchover: redis-01 → redis-02 → redis-01');
    const [, kept, of] = /writes kept ([\d,]+) of ([\d,]+)/.exec(words) ?? [];
    expect(kept).toBe(of);
    expect(words).toMatch(/resynchronizations \d+ partial, 0 full/);
    expect(words).toContain('Before and after');
    await isAsBefore();
  });

  it('is brought to its end after redisops was killed while the role was away', async () => {
    const child = program.start(['drill', '--yes']);
    await until('the role to be away', 60, async () => (await roles())[1] === 'master' || null);
    child.kill('SIGKILL');
    await until('the lock to end', 60, async () => {
      const { outcome } = await program.json(ended, 'drill', '--yes');
      return outcome === 'done' || null;
    });
    // The killed one could not remove its counter: it expires.
    const [left = ''] = (await plainCli('redis-01', 'KEYS', 'redisops:*')).split('\n');
    expect(Number(await plainCli('redis-01', 'PTTL', left))).toBeGreaterThan(0);
    await plainCli('redis-01', 'DEL', left);
    await isAsBefore();
  });

  it('goes through Sentinel where it watches', async () => {
    const path = 'ansible/group_vars/redis.yml';
    const text = await readFile(`${program.folder}/${path}`, 'utf8');
    const sentinel = 'redis_enable_sentinel: true\nredis_sentinel_down_after: 2000\n';
    await program.write({ [path]: text.replace('redis_enable_sentinel: false\n', sentinel) });
    await program.applies();
    const end = await program.json(figures, 'drill', '--yes');
    expect(end).toMatchObject({ outcome: 'done', from: 'redis-01', writes: { lost: 0 } });
    expect(end.outageMs?.following).toBeLessThan(5000);
    await isAsBefore();
    expect(await on('redis-02', 'redis-cli -p 26379 SENTINEL GET-MASTER-ADDR-BY-NAME redis')).toContain('10.0.0.123');
  });
});
