import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { infoField, redisCli, writeToAll } from './lab-cluster.ts';
import { openHealthyCluster, type Program } from './program.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];

/** One cluster, one state after the other. */
describe('accepting one node’s history', () => {
  let program: Program;

  beforeAll(async () => {
    program = await openHealthyCluster();
    for (const key of ['a', 'b', 'c']) await writeToAll({}, 'SET', key, 'kept');
  });

  afterAll(() => program.close());

  const follow = (host: string, master: string) => redisCli(host, 'REPLICAOF', master, '6379');

  async function accepts(node: string, keys: number) {
    const argv = ['failover', 'accept-history', node, '--yes', '--give-up-keys', String(keys), '--json'];
    const { code, stdout } = await program.run(argv);
    return { exit: code, said: JSON.parse(stdout) as { code: string; to: string | null } };
  }

  async function expectHealthyUnder(master: string): Promise<void> {
    const verdict = async () => {
      const { stdout } = await program.run(['status', '--json']);
      return (JSON.parse(stdout) as { verdict: string }).verdict;
    };
    await expect.poll(verdict, { timeout: 30_000 }).toBe('healthy');
    for (const host of HOSTS)
      expect(`${host} ${await infoField(host, 'role')}`).toBe(`${host} ${host === master ? 'master' : 'slave'}`);
    for (const verb of ['plan', 'drift']) expect([verb, (await program.run([verb])).code]).toEqual([verb, 0]);
  }

  async function backupsOf(node: string): Promise<number> {
    const backups = await readdir(join(program.stateDirectory, 'backups'), { recursive: true }).catch(() => []);
    return backups.filter((name) => name.includes(node) && name.endsWith('.rdb')).length;
  }

  it('is refused on a healthy cluster, whose role moves without a loss', async () => {
    expect(await accepts('redis-02', 100)).toMatchObject({ exit: 3, said: { code: 'NO_CANDIDATE' } });
  });

  it('of two masters, one with a replica: figures first, backups, then one history', async () => {
    await redisCli('redis-02', 'REPLICAOF', 'NO', 'ONE');
    await follow('redis-03', '10.0.0.124');
    await redisCli('redis-01', 'MSET', 'of the first', 'kept', 'and another', 'kept');
    await redisCli('redis-02', 'SET', 'of the second', 'lost');
    await expect.poll(() => redisCli('redis-03', 'DBSIZE'), { timeout: 30_000 }).toBe('4');
    const shown = await program.run(['failover', '--accept-history', 'redis-01']);
    expect(shown.code).toBe(3);
    expect(shown.stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /redis-02 gives up 4 keys \(offset \d+, \d+ B since then\); redis-01 keeps 5 keys .* They parted at offset \d+/,
    );
    expect(await accepts('redis-01', 3)).toMatchObject({ exit: 3 });
    expect(await accepts('redis-01', 8)).toMatchObject({ exit: 0, said: { code: 'DONE', to: 'redis-01' } });
    await expectHealthyUnder('redis-01');
    for (const host of HOSTS) expect(await redisCli(host, 'EXISTS', 'of the first', 'of the second')).toBe('1');
    expect(await backupsOf('redis-02')).toBe(1);
  });

  it('in a loop: a node behind the chosen one is backed up before it drops what only it has', async () => {
    await redisCli('redis-03', 'REPLICAOF', 'NO', 'ONE');
    await redisCli('redis-03', 'SET', 'of the third', 'lost');
    await Promise.all([
      follow('redis-01', '10.0.0.125'),
      follow('redis-03', '10.0.0.124'),
      follow('redis-02', '10.0.0.123'),
    ]);
    const masterless = async () => (await program.run(['status', '--json'])).stdout;
    await expect.poll(masterless, { timeout: 30_000 }).toContain('in a loop');
    const held = Number(await redisCli('redis-03', 'DBSIZE'));
    expect(await accepts('redis-02', 100)).toMatchObject({ exit: 0, said: { code: 'DONE', to: 'redis-02' } });
    await expectHealthyUnder('redis-02');
    for (const host of HOSTS) expect(await redisCli(host, 'GET', 'c')).toBe('kept');
    expect(held === 6 ? await backupsOf('redis-03') : 1).toBeGreaterThan(0);
  });
});
