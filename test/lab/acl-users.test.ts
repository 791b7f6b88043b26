import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { redisCli } from './lab-cluster.ts';
import { on, openHealthyCluster, type Program } from './program.ts';

const refusal = z.looseObject({ outcome: z.string(), code: z.string() });
const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const asApp = (host: string) => on(host, 'redis-cli --user app --pass apppw --no-auth-warning PING');

/** Users that were made on the nodes are an application’s way in. */
describe('ACL users that Git does not know', () => {
  let program: Program;

  beforeAll(async () => {
    program = await openHealthyCluster();
    for (const host of HOSTS) {
      await on(host, 'mkdir -p /etc/redis/conf.d');
      await on(host, "printf 'user app on >apppw ~* &* +@all\\n' >/etc/redis/conf.d/app.conf");
      await on(host, 'chown redis: /etc/redis/conf.d /etc/redis/conf.d/app.conf');
      await redisCli(host, 'ACL', 'SETUSER', 'app', 'on', '>apppw', '~*', '&*', '+@all');
      await redisCli(host, 'ACL', 'SETUSER', 'runtime', 'on', '>canary', '~r:*', '+@read');
      await on(host, "sed -i '1i include /etc/redis/conf.d/app.conf' /etc/redis/redis.conf");
    }
  });

  afterAll(() => program.close());

  it('are not removed by a restart: shown by name and rules', async () => {
    await program.asks({ directives: { databases: 17 } });
    const stdout = (await program.run(['plan'])).stdout.replaceAll(/\s+/g, ' ');
    expect(stdout).toContain('ACL_USERS_UNKNOWN');
    expect(stdout).toMatch(/would be gone: runtime \([^)]*~r:\*[^)]*\), in the running Redis only/);
    expect(stdout).toContain('keep what Git does not say: include /etc/redis/conf.d/app.conf');
    expect(stdout).not.toMatch(/apppw|canary|#[\da-f]{64}/);
    const { stdout: answer } = await program.run(['apply', '--yes', '--json']);
    expect(refusal.parse(JSON.parse(answer))).toMatchObject({ outcome: 'refused', code: 'ACL_USERS_UNKNOWN' });
    expect((await program.run(['drift', '--json'])).stdout).toContain('ACL user runtime');
    for (const host of HOSTS) expect(await asApp(host)).toBe('PONG');
  });

  it('stay once Git has them; those that Git switches off go', async () => {
    await program.asks({ directives: { databases: 17, user: '["app on >apppw ~* &* +@all", "runtime off"]' } });
    const { stdout } = await program.run(['apply', '--yes', '--json']);
    expect(refusal.parse(JSON.parse(stdout))).toMatchObject({ outcome: 'refused', code: 'ACL_USERS_TWICE' });
    for (const host of HOSTS) await on(host, "sed -i '/^user app/d' /etc/redis/conf.d/app.conf");
    await program.applies();
    for (const host of HOSTS) {
      expect(await asApp(host)).toBe('PONG');
      expect(await redisCli(host, 'ACL', 'LIST')).toMatch(/user runtime off/);
    }
  });

  it('an aclfile that is on no host stops the plan, and no Redis', async () => {
    await program.asks({ directives: { databases: 17, aclfile: '/etc/redis/users.acl' } });
    const { stdout } = await program.run(['apply', '--yes', '--json']);
    expect(refusal.parse(JSON.parse(stdout)).outcome).toBe('refused');
    expect((await program.run(['plan'])).stdout).toContain('ACL_FILE_MISSING');
    for (const host of HOSTS) expect(await redisCli(host, 'PING')).toBe('PONG');
  });
});
