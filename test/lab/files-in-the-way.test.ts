import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { infoField, redisCli, replicasOnline } from './lab-cluster.ts';
import { on, openHealthyCluster, type Program } from './program.ts';

const CONF = '/etc/redis/redis.conf';

const planned = z.looseObject({
  waves: z.array(z.looseObject({ actions: z.array(z.looseObject({ kind: z.string() })) })),
  blockers: z.array(z.looseObject({ code: z.string(), node: z.string().nullable(), message: z.string() })),
});

/** What a host has in the place of a plain redis.conf: known before anything is changed. */
describe('a redis.conf that is not as a run needs it', () => {
  let program: Program;

  beforeAll(async () => {
    program = await openHealthyCluster();
  });

  afterAll(() => program.close());

  async function plan() {
    const { stdout, code } = await program.run(['plan', '--json']);
    const { waves, blockers } = planned.parse(JSON.parse(stdout));
    return { code, kinds: waves.flatMap(({ actions }) => actions.map(({ kind }) => kind)), blockers };
  }

  it('is as asked where it names the master by a name that leads to it', async () => {
    for (const host of ['redis-02', 'redis-03']) {
      await on(host, 'echo "10.0.0.123 master.redis.internal" >>/etc/hosts');
      await redisCli(host, 'REPLICAOF', 'master.redis.internal', '6379');
      await redisCli(host, 'CONFIG', 'REWRITE');
    }
    await replicasOnline('redis-01', 2);
    expect(await on('redis-02', `grep ^replicaof ${CONF}`)).toContain('master.redis.internal');
    expect(await plan()).toMatchObject({ code: 0, kinds: [] });
    for (const verb of ['status', 'verify', 'drift']) expect((await program.run([verb])).code).toBe(0);
  });

  it.each([
    ['immutable', `chattr +i ${CONF}`, `chattr -i ${CONF}`],
    ['append-only', `chattr +a ${CONF}`, `chattr -a ${CONF}`],
    ['in an immutable folder', 'chattr +i /etc/redis', 'chattr -i /etc/redis'],
    [
      'on a read-only file system',
      'mount --bind /etc/redis /etc/redis && mount -o remount,bind,ro /etc/redis',
      'umount /etc/redis',
    ],
    ['a mount point', `cp -p ${CONF} /root/conf && mount --bind /root/conf ${CONF}`, `umount ${CONF}`],
  ])('is refused in the plan where it is %s, and changed after that', async (_, lock, unlock) => {
    await program.asks({ directives: { timeout: 0 } });
    await program.applies();
    await on('redis-02', lock);
    try {
      expect((await plan()).blockers).toEqual([]);
      await program.asks({ directives: { timeout: 40 } });
      const { code, blockers } = await plan();
      expect(blockers).toMatchObject([{ code: 'FILE_LOCKED', node: 'redis-02' }]);
      expect(code).toBe(3);
      expect((await program.run(['apply', '--yes', '--json'])).code).toBe(3);
      expect(await redisCli('redis-03', 'CONFIG', 'GET', 'timeout')).toBe('timeout\n0');
    } finally {
      await on('redis-02', unlock);
    }
    await program.applies();
    expect((await plan()).code).toBe(0);
  });

  it('is refused in the plan where it names a file that no node has', async () => {
    await program.asks({ directives: { loadmodule: '/opt/json.so' } });
    const { code, blockers } = await plan();
    expect(code).toBe(3);
    expect(blockers.map(({ code: each, node }) => `${each} ${node}`).toSorted()).toEqual([
      'FILE_MISSING redis-01',
      'FILE_MISSING redis-02',
      'FILE_MISSING redis-03',
    ]);
    await program.asks();
    await program.applies();
  });

  it('is made redis’s own where someone else owns it', async () => {
    await on('redis-02', `chown root:root ${CONF} && chmod 644 ${CONF}`);
    expect(await plan()).toMatchObject({ code: 2, kinds: ['write-file'], blockers: [] });
    const running = await infoField('redis-02', 'run_id');
    await program.applies();
    expect(await on('redis-02', `stat -c '%U %G %a' ${CONF}`)).toBe('redis redis 640');
    expect(await infoField('redis-02', 'run_id')).toBe(running);
    expect((await plan()).code).toBe(0);
  });
});
