import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { impatientClient } from '../../lab/impatient-client.ts';
import { labHosts, resetHosts } from '../../lab/hosts.ts';
import { startWriter } from '../../lab/writer.ts';
import { besideWriter } from './lab-cluster.ts';
import { on, openProgram, type Program } from './program.ts';
import { PLAIN_PASSWORD, SENTINEL_HOSTS, plainCli, sentinelCli } from './sentinels.ts';

const SENTINEL = [
  'redis_enable_sentinel: true',
  'redis_sentinel_down_after: 2000',
  'redis_sentinel_failover_timeout: 10000',
];
const moved = z.looseObject({
  outcome: z.string(),
  code: z.string(),
  to: z.string().nullable(),
  writes: z.object({ acknowledged: z.number(), lost: z.number() }).nullable(),
});

/** The switchover’s settings, with Redis’s defaults. */
const SETTINGS = { 'replica-priority': '100', 'min-replicas-to-write': '0', 'min-replicas-max-lag': '10' };

/** One cluster, one story. */
describe('a switchover through Sentinel', () => {
  let program: Program;

  beforeAll(async () => {
    await resetHosts();
    program = await openProgram();
    await asks();
    await program.applies();
    await plainCli('redis-01', 'SET', 'kept', 'yes');
  });

  afterAll(() => program.close());

  it('loses no write when a restart of the master moves the role away and back', async () => {
    await asks({ databases: 20 });
    const figures = await underClient(() => program.applies());
    expect(figures.lost).toBe(0);
    expect(figures.longestGapMs).toBeLessThan(2000);
    await expectMaster('redis-01');
    await expectAsBefore();
    for (const host of SENTINEL_HOSTS) expect(await plainCli(host, 'CONFIG', 'GET', 'databases')).toContain('20');
    expect((await program.run(['plan'])).code).toBe(0);
  });

  it('gives the role to the named node, for good, through every Sentinel', async () => {
    const shown = await program.run(['failover', 'redis-03']);
    expect(shown.stderr).toContain('Sentinel moves it');
    let done: z.infer<typeof moved> | undefined;
    const figures = await underClient(async () => {
      done = await program.json(moved, 'failover', 'redis-03', '--yes');
    });
    expect(done).toMatchObject({ outcome: 'done', to: 'redis-03', writes: { lost: 0 } });
    expect(figures.lost).toBe(0);
    expect(figures.longestGapMs).toBeLessThan(2000);
    await expectMaster('redis-03');
    await expectAsBefore();
    for (const verb of ['status', 'plan', 'drift']) expect([verb, (await program.run([verb])).code]).toEqual([verb, 0]);
  });

  it.each<readonly [string, string, Moment]>([
    ['redis-01', 'writes are held back', ({ from }) => isOther(from, 'min-replicas-to-write', '0')],
    ['redis-02', 'the candidate is promoted', async ({ to }) => String(await to.role()).startsWith('master')],
  ])('to %s, with the worker killed once %s: the next one ends it', async (to, _, isReached) => {
    const clients = { from: clientOf(await masterName()), to: clientOf(to) };
    const figures = await underClient(async () => {
      const child = program.start(['failover', to, '--yes']);
      while (!(await isReached(clients).catch(() => false)))
        if (child.exitCode !== null) throw new Error('The run ended before its moment.');
      child.kill('SIGKILL');
      const done = await program.json(moved, 'failover', to, '--yes');
      expect(done).toMatchObject({ outcome: 'done' });
    });
    for (const client of Object.values(clients)) client.disconnect();
    expect(figures.lost).toBe(0);
    await expectMaster(to);
    await expectAsBefore();
    expect((await program.run(['plan'])).code).toBe(0);
  });

  type Moment = (clients: { from: Redis; to: Redis }) => Promise<boolean>;

  function clientOf(name: string): Redis {
    return impatientClient({ host: addressOf(name), port: 6379, password: PLAIN_PASSWORD });
  }

  async function isOther(client: Redis, directive: string, usual: string): Promise<boolean> {
    const [, value] = z.array(z.string()).parse(await client.config('GET', directive));
    return value !== usual;
  }

  function addressOf(name: string): string {
    return labHosts().hosts.find((host) => host.name === name)?.address ?? '';
  }

  async function masterName(): Promise<string> {
    const said = await sentinelCli('redis-01', 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'redis');
    return SENTINEL_HOSTS.find((name) => said.startsWith(addressOf(name))) ?? '';
  }

  async function asks(directives: Readonly<Record<string, number>> = {}): Promise<void> {
    await program.asks({ password: PLAIN_PASSWORD, variables: SENTINEL, directives });
    await program.write({ 'ansible/group_vars/redis.yml': await withoutExample() });
  }

  /** The example says that Sentinel is off. */
  async function withoutExample(): Promise<string> {
    const text = await readFile(`${program.folder}/ansible/group_vars/redis.yml`, 'utf8');
    return text.replace('redis_enable_sentinel: false\n', '');
  }

  function underClient(act: () => Promise<void>) {
    const addresses = labHosts()
      .hosts.filter(({ name }) => SENTINEL_HOSTS.includes(name))
      .map(({ address }) => address);
    const sentinel = { port: 26_379, masterName: 'redis' };
    return besideWriter(startWriter({ addresses, port: 6379, password: PLAIN_PASSWORD, intervalMs: 5, sentinel }), act);
  }

  async function expectMaster(name: string): Promise<void> {
    for (const host of SENTINEL_HOSTS) {
      expect([host, (await plainCli(host, 'ROLE')).split('\n')[0]]).toEqual([host, host === name ? 'master' : 'slave']);
      expect(await sentinelCli(host, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'redis')).toContain(addressOf(name));
      expect(await on(host, 'grep -c "^replicaof" /etc/redis/redis.conf || true')).toBe(host === name ? '0' : '1');
    }
  }

  /** Nothing of the switchover is left. */
  async function expectAsBefore(): Promise<void> {
    for (const host of SENTINEL_HOSTS) {
      for (const [directive, value] of Object.entries(SETTINGS))
        expect([host, await plainCli(host, 'CONFIG', 'GET', directive)]).toEqual([host, `${directive}\n${value}`]);
      expect(await sentinelCli(host, 'SENTINEL', 'DEBUG')).toMatch(/INFO-PERIOD\s+10000/i);
    }
  }
});
