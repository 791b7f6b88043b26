import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { infoField, redisCli } from './lab-cluster.ts';
import { on, openHealthyCluster, type Program } from './program.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const asks = (databases: number) => ({ variables: ['redis_maxmemory: 100mb'], directives: { databases } });

/** All restart, and the role has to move: REPLICAOF, CLIENT, CONFIG and MULTI on the way. */
describe('a command that a step needs and Redis refuses', () => {
  let program: Program;
  let fullSynchronizations: string;

  beforeAll(async () => {
    program = await openHealthyCluster(asks(16));
    await redisCli('redis-01', 'SET', 'key', 'value');
    fullSynchronizations = await infoField('redis-01', 'sync_full');
    await program.asks(asks(20));
  });

  afterEach(async () => {
    for (const host of HOSTS) await redisCli(host, 'ACL', 'SETUSER', 'default', '+@all', 'allkeys');
  });

  afterAll(() => program.close());

  /** Nothing moved, and nothing was copied anew. */
  async function expectUntouched(): Promise<void> {
    expect(await Promise.all(HOSTS.map((host) => infoField(host, 'role')))).toEqual(['master', 'slave', 'slave']);
    expect(await redisCli('redis-01', 'GET', 'key')).toBe('value');
    expect(await infoField('redis-01', 'sync_full')).toBe(fullSynchronizations);
  }

  async function refusal(): Promise<{ node: string; message: string; hint: string }[]> {
    const { code, stdout } = await program.run(['plan', '--json']);
    expect(code).toBe(3);
    const { blockers } = JSON.parse(stdout) as {
      blockers: { code: string; node: string; message: string; hint: string }[];
    };
    return blockers.filter((blocker) => blocker.code === 'COMMAND_UNAVAILABLE');
  }

  it.each([
    ['redis-01', '-replicaof', /refuses REPLICAOF/],
    ['redis-01', '-client|pause', /refuses CLIENT PAUSE/],
    ['redis-03', '-multi', null],
    ['redis-03', '-config|set', /refuses CONFIG SET/],
    ['redis-01', 'resetkeys', /refuses SET/],
  ])('is found before the first step: %s %s', async (host, rule, message) => {
    await redisCli(host, 'ACL', 'SETUSER', 'default', rule);
    if (rule === 'resetkeys') await redisCli(host, 'ACL', 'SETUSER', 'default', '~app:*', '~key');
    if (message === null) {
      // Changed by hand, the user itself blocks the plan. No command is missing.
      expect(await refusal()).toEqual([]);
      return;
    }
    expect(await refusal()).toContainEqual(
      expect.objectContaining({ node: host, message: expect.stringMatching(message) }),
    );
    expect((await program.run(['apply', '--yes'])).code).toBe(3);
    await expectUntouched();
  });

  it.each([
    [['-acl|dryrun', '-command', '-replicaof'], /redis-02 refuses REPLICAOF/],
    [['-acl', '-command', '-replicaof'], /redis-02 forbids ACL DRYRUN and ACL LIST/],
    [['-@admin', '+info', '+role', '+config', '+acl|list', '+replconf', '+psync'], /redis-02 refuses REPLICAOF/],
  ])('is found where Redis may not be asked, before anything is copied: %j', async (rules, message) => {
    // The default user cannot allow itself what it may no longer ask.
    await redisCli('redis-02', 'ACL', 'SETUSER', 'rescue', 'on', '>rescue', '+acl');
    await redisCli('redis-02', 'ACL', 'SETUSER', 'default', ...rules);
    const { code, stdout } = await program.run(['resync', 'redis-02', '--yes']);
    const asRescue = 'redis-cli --user rescue --pass rescue --no-auth-warning ACL';
    await on('redis-02', `${asRescue} SETUSER default +@all && ${asRescue} DELUSER rescue`);
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(code).toBe(3);
    expect(text).toContain('COMMAND_UNAVAILABLE');
    expect(text).toMatch(message);
    expect(text).not.toMatch(/network/i);
    await expectUntouched();
  });

  it('is found where it was renamed, and the way out works', async () => {
    await program.asks(asks(24));
    await redisCli('redis-01', 'CONFIG', 'SET', 'shutdown-on-sigterm', 'save');
    await on('redis-01', `echo 'rename-command REPLICAOF ""' >>/etc/redis/redis.conf; systemctl restart redis-server`);
    await expect.poll(() => infoField('redis-02', 'master_link_status'), { timeout: 20_000 }).toBe('up');
    const [blocker] = await refusal();
    expect(blocker).toMatchObject({ node: 'redis-01', message: expect.stringContaining('rename-command') });

    // As the hint says.
    await on('redis-01', `sed -i '/^rename-command/d' /etc/redis/redis.conf`);
    await redisCli('redis-01', 'CONFIG', 'SET', 'shutdown-on-sigterm', 'save');
    await on('redis-01', 'systemctl restart redis-server');
    await expect.poll(() => infoField('redis-02', 'master_link_status'), { timeout: 20_000 }).toBe('up');
    await program.applies();
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'databases')).toContain('24');
  });
});
