import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { infoField, redisCli } from './lab-cluster.ts';
import { on, openHealthyCluster, type Program } from './program.ts';

/** How often a node was promoted, by its own log. */
const promotions = (host: string) => on(host, 'grep -c "MASTER MODE enabled" /var/log/redis/redis-server.log || true');
const never = 'redis_config: {replica-priority: 0, databases: 18, repl-diskless-sync-delay: 0}\n';
const hostVariables = (host: string) => ({ [`ansible/host_vars/${host}.yml`]: never });

describe('a replica with replica-priority 0', () => {
  let program: Program;

  beforeAll(async () => {
    program = await openHealthyCluster();
    await redisCli('redis-01', 'SET', 'key', 'value');
  });

  afterAll(() => program.close());

  it('gets the master’s role never while there is another one', async () => {
    await program.asks({ directives: { databases: 18 } });
    await program.write(hostVariables('redis-02'));
    await program.applies();
    expect(await promotions('redis-02')).toBe('0');
    expect(Number(await promotions('redis-03'))).toBe(1);
    expect(await infoField('redis-01', 'role')).toBe('master');
  });

  it('gets it where there is no other, and the plan says so', async () => {
    await program.asks({ directives: { databases: 19 } });
    const nineteen = never.replace('18', '19');
    await program.write({
      'ansible/host_vars/redis-02.yml': nineteen,
      'ansible/host_vars/redis-03.yml': nineteen,
    });
    expect((await program.run(['plan'])).stdout).toMatch(/redis-02 takes .* although its replica-priority is 0/);
    await program.applies();
    expect(await promotions('redis-02')).toBe('1');
    expect(await redisCli('redis-01', 'GET', 'key')).toBe('value');
  });
});
