import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { on, openProgram, repositoryFor, type Program } from './program.ts';

const HOST = 'redis-02';
const VARIABLES = 'ansible/group_vars/redis.yml';
const planned = z.looseObject({
  blockers: z.array(z.looseObject({ code: z.string(), node: z.string().nullable(), message: z.string() })),
});

describe('a first apply', () => {
  let program: Program;

  beforeAll(async () => {
    await resetHosts();
    program = await openProgram();
  });

  afterAll(() => program.close());

  /** With these lines put in place of others in group_vars/redis.yml. */
  async function asks(from: string | RegExp, to: string): Promise<void> {
    const files = repositoryFor({});
    await program.write({ ...files, [VARIABLES]: (files[VARIABLES] ?? '').replace(from, to) });
  }
  const blockers = async () => planned.parse(JSON.parse((await program.run(['plan', '--json'])).stdout)).blockers;
  const stat = (path: string) => on(HOST, `stat -c '%U:%G %a' ${path}`);

  it.each<readonly [string, string, string]>([
    [
      'a database',
      '/srv/postgresql/15',
      'mkdir -p -m 755 /srv/postgresql && install -d -o games -g games -m 700 $D $D/base && touch $D/PG_VERSION',
    ],
    ['a folder of hidden files', '/srv/app', 'install -d -o games -g games -m 755 $D && touch $D/.profile'],
    ['a root’s folder that is full', '/srv/www', 'install -d -m 755 $D && touch $D/index.html'],
  ])('leaves %s alone, and names what is there', async (_, path, makes) => {
    await on(HOST, `D=${path}; ${makes}`);
    const before = await stat(path);
    await asks('redis_dir: /data/redis', `redis_dir: ${path}`);
    const found = (await blockers()).filter(({ node }) => node === HOST);
    expect(found).toMatchObject([{ code: 'DIRECTORY_IN_USE', message: expect.stringContaining('it is not Redis’s') }]);
    expect((await program.run(['apply', '--yes'])).code).toBe(3);
    expect(await stat(path)).toBe(before);
    expect((await onHost('redis-01', `test -e ${path}`)).code).toBe(1);
  });

  it('makes no folder inside one of somebody else', async () => {
    await on(HOST, 'install -d -o games -g games -m 755 /srv/theirs');
    await asks('redis_dir: /data/redis', 'redis_dir: /srv/theirs/redis');
    expect(await blockers()).toMatchObject([{ code: 'DIRECTORY_IN_USE', node: HOST }]);
  });

  it('opens no Redis to everybody, unless Git says that it is meant', async () => {
    await asks(/redis_password: .*\n/, '');
    expect((await blockers()).map(({ code }) => code)).toEqual(['NO_PASSWORD', 'NO_PASSWORD', 'NO_PASSWORD']);
    expect((await program.run(['apply', '--yes'])).code).toBe(3);
    await program.write({ 'redisops.yml': 'clusters:\n  redis:\n    allow_no_password: true\n' });
    expect(await blockers()).toEqual([]);
    await program.write({ 'redisops.yml': 'clusters:\n  redis: {}\n' });
  });

  it('keeps the mode of a data directory that works', async () => {
    await on('redis-01', 'useradd -r redis 2>/dev/null; install -d -o redis -g redis -m 700 /data/redis');
    await program.asks();
    expect((await program.run(['apply'])).code).toBe(0);
    expect(await on('redis-01', 'stat -c "%U:%G %a" /data/redis')).toBe('redis:redis 700');
    expect((await program.run(['drift'])).code).toBe(0);
  });

  it('of a node beside others that run waits for somebody', async () => {
    await on(
      'redis-03',
      'systemctl disable --now redis-server && rm -r /etc/redis/redis.conf* /data/redis /etc/systemd/system/redis-server.service.d && systemctl daemon-reload',
    );
    const { code, stdout, stderr } = await program.run(['apply']);
    expect(code).toBe(3);
    expect(`${stdout}${stderr}`).toMatch(/takes in redis-03[^]*NODE_NEW/);
    expect((await program.run(['apply', '--yes'])).code).toBe(0);
  });
});
