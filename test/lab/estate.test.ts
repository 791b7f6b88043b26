import { readFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { labHosts, resetHosts } from '../../lab/hosts.ts';
import { placeOf } from '../../src/domain/server/server.ts';
import { underWriter } from './lab-cluster.ts';
import { on, openProgram, type Asked, type Program } from './program.ts';
import { PLAIN_PASSWORD, plainCli } from './sentinels.ts';

/** What every estate of the lab must do, whatever its server: `npm run matrix` runs it on each of them. */
const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const VARIABLES = 'ansible/group_vars/redis.yml';
const { server } = labHosts();
const place = placeOf(server);

const status = z.looseObject({
  verdict: z.string(),
  nodes: z.array(
    z.looseObject({
      server: z.looseObject({ flavour: z.string(), version: z.string() }).nullable(),
      unit: z.string().nullable(),
      configFile: z.string().nullable(),
    }),
  ),
});
const plan = z.looseObject({
  blockers: z.array(z.looseObject({ code: z.string(), node: z.string().nullable(), message: z.string() })),
});
const outcome = z.looseObject({ outcome: z.string(), code: z.string() });

let program: Program;

beforeAll(async () => {
  await resetHosts();
  program = await openProgram();
});

afterAll(() => program.close());

const asks = (asked: Asked) => program.asks({ ...asked, password: PLAIN_PASSWORD });
const writing = (act: () => Promise<void>) => underWriter(act, undefined, PLAIN_PASSWORD);

async function commit(message: string): Promise<void> {
  const own = ['-c', 'user.name=anna', '-c', 'user.email=anna@example.net', '-c', 'init.defaultBranch=main'];
  const git = (...words: readonly string[]) => execFileSync('git', ['-C', program.folder, ...own, ...words]);
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
}

const everywhere = (...command: readonly string[]) => Promise.all(HOSTS.map((host) => plainCli(host, ...command)));
const pids = () =>
  Promise.all(HOSTS.map((host) => on(host, `systemctl show --property MainPID --value ${place.unit}`)));

async function ends(argv: readonly string[]): Promise<void> {
  const answer = await program.json(outcome, ...argv);
  expect([argv.join(' '), answer.outcome, answer.code]).toEqual([argv.join(' '), 'done', 'DONE']);
}

async function expectNothingLeft(): Promise<void> {
  expect((await program.run(['plan'])).code).toBe(0);
  expect((await program.run(['drift'])).code).toBe(0);
  expect((await program.json(z.looseObject({ verdict: z.string() }), 'verify')).verdict).toBe('healthy');
}

describe(`the estate ${labHosts().estate}`, () => {
  it('becomes a healthy cluster from bare hosts, with the server that is installed', async () => {
    await asks({ variables: ['redis_maxmemory: 100mb'] });
    await commit('first');
    await ends(['apply', '--yes']);
    await expectNothingLeft();
    const { verdict, nodes } = await program.json(status, 'status');
    expect(verdict).toBe('healthy');
    for (const node of nodes)
      expect(node).toMatchObject({ server: { flavour: server }, unit: place.unit, configFile: place.conf });
    const other = server === 'redis' ? 'valkey' : 'redis';
    for (const host of HOSTS) expect(await on(host, `ls -d /etc/${other} 2>/dev/null || true`)).toBe('');
  });

  it('changes maxmemory live', async () => {
    const before = await pids();
    await asks({ variables: ['redis_maxmemory: 200mb'] });
    await commit('second');
    const { lost, refused } = await writing(() => ends(['apply', '--yes']));
    expect([lost, refused]).toEqual([0, 0]);
    expect(await everywhere('CONFIG', 'GET', 'maxmemory')).toEqual(HOSTS.map(() => 'maxmemory\n209715200'));
    expect(await pids()).toEqual(before);
  });

  it('rolls back', async () => {
    await ends(['rollback', '--yes']);
    expect(await everywhere('CONFIG', 'GET', 'maxmemory')).toEqual(HOSTS.map(() => 'maxmemory\n104857600'));
  });

  it('restarts every node with a hand-over, and loses no acknowledged write', async () => {
    await asks({ variables: ['redis_maxmemory: 100mb'], directives: { databases: 32 } });
    const { lost } = await writing(() => ends(['apply', '--yes']));
    expect(lost).toBe(0);
    expect(await everywhere('CONFIG', 'GET', 'databases')).toEqual(HOSTS.map(() => 'databases\n32'));
    await expectNothingLeft();
  });

  it('synchronizes a replica in full, and removes what persistence left', async () => {
    await ends(['resync', 'redis-03', '--yes']);
    const left = '/data/redis/dump.rdb';
    await on('redis-03', `printf REDIS0009 >${left} && chown ${place.user}: ${left}`);
    await ends(['purge', '--yes']);
    expect(await on('redis-03', `test -e ${left} && echo there || true`)).toBe('');
    await expectNothingLeft();
  });

  it('refuses a file that its server does not take, before anything changes', async () => {
    const before = await on('redis-01', `sha256sum ${place.conf}`);
    await asks({ directives: { databases: 64, user: '"app on ~* +@nonsense"' } });
    const { code, stdout, stderr } = await program.run(['apply', '--yes']);
    expect([code, `${stdout}${stderr}`]).toEqual([1, expect.stringContaining("'+@nonsense' for the user named 'app'")]);
    expect(await on('redis-01', `sha256sum ${place.conf}`)).toBe(before);
    expect(await everywhere('CONFIG', 'GET', 'databases')).toEqual(HOSTS.map(() => 'databases\n32'));
  });

  it('is finished by a second run after kill -9 in the middle of a restart', async () => {
    await asks({ directives: { databases: 48 } });
    const { lost } = await writing(async () => {
      const child = program.start(['apply', '--yes']);
      const ended = new Promise((done) => child.once('close', done));
      await expect.poll(async () => (await everywhere('CONFIG', 'GET', 'databases')).join().includes('48')).toBe(true);
      child.kill('SIGKILL');
      await ended;
      // What the node was doing goes on to its end.
      await expect.poll(async () => (await program.run(['apply', '--yes'])).code, { timeout: 60_000 }).toBe(0);
    });
    expect(lost).toBe(0);
    expect(await everywhere('CONFIG', 'GET', 'databases')).toEqual(HOSTS.map(() => 'databases\n48'));
    await expectNothingLeft();
  }, 120_000);

  it('is watched by Sentinel', async () => {
    await asks({ directives: { databases: 48 } });
    const text = await readFile(`${program.folder}/${VARIABLES}`, 'utf8');
    await program.write({
      [VARIABLES]: text.replace('redis_enable_sentinel: false', 'redis_enable_sentinel: true'),
    });
    await ends(['apply', '--yes']);
    for (const host of HOSTS) expect(await on(host, `systemctl is-active ${place.sentinel.unit}`)).toBe('active');
    await expectNothingLeft();
  }, 120_000);

  it('has one server: Git cannot put the other beside it', async () => {
    const other = server === 'redis' ? 'valkey' : 'redis';
    await asks({ variables: [`redis_server: ${other}`] });
    const { blockers } = await program.json(plan, 'plan');
    expect(blockers.filter(({ code }) => code === 'SERVER_NOT_AS_ASKED').map(({ node }) => node)).toEqual(HOSTS);
    expect((await program.run(['apply', '--yes'])).code).toBe(3);
  });
});
