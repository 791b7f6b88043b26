import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resetHosts } from '../../lab/hosts.ts';
import { cutNetwork, restoreNetwork } from '../../lab/network.ts';
import { expectMaster } from './expect-master.ts';
import { infoField, redisCli, writeToAll } from './lab-cluster.ts';
import { on, openProgram, type Program } from './program.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const answer = z.looseObject({
  code: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  plan: z
    .looseObject({ digest: z.string(), blockers: z.array(z.object({ code: z.string(), message: z.string() })) })
    .nullable(),
});

let program: Program;

beforeAll(async () => {
  program = await openProgram();
});

beforeEach(async () => {
  await resetHosts();
  await program.asks();
  await program.applies();
  for (const key of ['a', 'b', 'c']) await writeToAll({}, 'SET', key, 'kept');
});

afterAll(() => program.close());

async function failover(...argv: readonly string[]) {
  const { code, stdout, stderr } = await program.run(['failover', ...argv, '--json']);
  return { exit: code, stderr, ...answer.parse(JSON.parse(stdout)) };
}

async function expectHealthyUnder(master: string): Promise<void> {
  const healthy = async () => {
    await program.run(['apply', '--yes', '--give-up-keys', '100']);
    return JSON.parse((await program.run(['status', '--json'])).stdout) as { verdict: string };
  };
  await expect.poll(async () => (await healthy()).verdict, { timeout: 60_000, interval: 500 }).toBe('healthy');
  await expectMaster(master);
  for (const host of HOSTS) expect(await redisCli(host, 'GET', 'c')).toBe('kept');
  for (const verb of ['status', 'plan', 'drift']) expect([verb, (await program.run([verb])).code]).toEqual([verb, 0]);
}

describe('a dead master', () => {
  it('whose Redis does not run: the furthest replica takes over, and its file keeps it from coming back', async () => {
    expect(await failover('--lost-master', '--yes')).toMatchObject({ exit: 3, code: 'NO_CANDIDATE' });
    // redis-02 misses the last writes.
    await redisCli('redis-02', 'CONFIG', 'SET', 'masteruser', 'nobody');
    await redisCli('redis-02', 'CLIENT', 'KILL', 'TYPE', 'master');
    await expect.poll(() => infoField('redis-02', 'master_link_status'), { timeout: 30_000 }).toBe('down');
    await writeToAll({ replicas: 1 }, 'SET', 'late', 'kept');
    await on('redis-01', 'systemctl kill -s KILL redis-server; systemctl stop redis-server');
    await redisCli('redis-02', 'CONFIG', 'SET', 'masteruser', '');

    expect(await failover('--yes')).toMatchObject({ exit: 3 });
    const behind = await program.run(['failover', '--lost-master', 'redis-02', '--yes']);
    expect(behind.code).toBe(3);
    expect(behind.stderr + behind.stdout).toMatch(/--lose-bytes \d+/);
    const done = await failover('--lost-master', '--yes');
    expect(done).toMatchObject({ exit: 0, code: 'DONE', from: 'redis-01', to: 'redis-03' });
    for (const host of ['redis-02', 'redis-03']) expect(await redisCli(host, 'GET', 'late')).toBe('kept');

    await on('redis-01', 'systemctl start redis-server');
    expect(await infoField('redis-01', 'role')).toBe('slave');
    await expectHealthyUnder('redis-03');
    expect(await infoField('redis-03', 'sync_partial_ok')).not.toBe('0');
  });

  it('whose host is cut off: when it comes back as a second master, it is named, backed up, and made a replica', async () => {
    await cutNetwork('redis-01');
    try {
      for (const host of ['redis-02', 'redis-03']) {
        await redisCli(host, 'CLIENT', 'KILL', 'TYPE', 'master');
        await expect.poll(() => infoField(host, 'master_link_status'), { timeout: 30_000 }).toBe('down');
      }
      const shown = await program.run(['failover', '--lost-master']);
      expect(shown.stderr).toMatch(/nothing keeps it from coming back as a\s+second master/);
      const done = await failover('--lost-master', 'redis-02', '--yes', '--lose-bytes', '1000');
      expect(done).toMatchObject({ exit: 0, code: 'DONE', from: 'redis-01', to: 'redis-02' });
      // A client that is cut off with it.
      await redisCli('redis-01', 'SET', 'only there', 'lost');
    } finally {
      await restoreNetwork('redis-01');
    }
    const named = async () => (await program.run(['status'])).stdout.replaceAll(/\s+/g, ' ');
    await expect
      .poll(named, { timeout: 30_000 })
      .toMatch(/redis-01 came back as a master.*redis-02 has the role since/);
    await expectHealthyUnder('redis-02');
    expect(await redisCli('redis-01', 'GET', 'only there')).toBe('');
    const backups = await readdir(join(program.stateDirectory, 'backups'), { recursive: true });
    expect(backups.some((name) => name.includes('redis-01'))).toBe(true);
  });
});
