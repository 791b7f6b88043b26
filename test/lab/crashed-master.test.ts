import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resetHosts } from '../../lab/hosts.ts';
import { until } from '../../lab/until.ts';
import { on, openProgram, type Program } from './program.ts';
import { PLAIN_PASSWORD, SENTINEL_HOSTS, plainCli, sentinelCli } from './sentinels.ts';

const VARIABLES = [
  'redis_enable_sentinel: true',
  'redis_sentinel_down_after: 2000',
  'redis_sentinel_failover_timeout: 10000',
];
const KEYS = '200';

/** One cluster without persistence. */
describe('kill -9 of a master without persistence, under Sentinel', () => {
  let program: Program;

  beforeAll(async () => {
    await resetHosts();
    program = await openProgram();
    await asks();
    await program.applies();
    await fill('redis-01');
  });

  afterAll(() => program.close());

  it('lets Sentinel fail over first: no key is lost, and it comes back as a replica with all of them', async () => {
    await crash('redis-01');
    const master = await until('Sentinel to name another master', 60, namedMaster('redis-01'));
    await until('the crashed node to follow', 60, async () =>
      (await plainCli('redis-01', 'INFO', 'replication')).includes('master_link_status:up') ? true : null,
    );
    for (const host of SENTINEL_HOSTS) expect([host, await plainCli(host, 'DBSIZE')]).toEqual([host, KEYS]);
    expect((await plainCli(master, 'ROLE')).split('\n')[0]).toBe('master');
  });

  it('with `wait_for_sentinel: false` starts at once, empty, and its replicas copy that', async () => {
    const master = await until('a master', 30, namedMaster(''));
    await program.write({ 'redisops.yml': 'clusters: {redis: {wait_for_sentinel: false}}\n' });
    await program.applies();
    await crash(master);
    await until('the keys to be gone', 60, async () => ((await plainCli(master, 'DBSIZE')) === '0' ? true : null));
  });

  async function asks(): Promise<void> {
    await program.asks({ password: PLAIN_PASSWORD, variables: VARIABLES });
    const file = 'ansible/group_vars/redis.yml';
    const text = await readFile(`${program.folder}/${file}`, 'utf8');
    await program.write({ [file]: text.replace('redis_enable_sentinel: false\n', '') });
  }

  async function fill(host: string): Promise<void> {
    await plainCli(host, 'EVAL', `for i=1,${KEYS} do redis.call("SET", "key:"..i, i) end`, '0');
    await until('the replicas to have them', 30, async () =>
      (await plainCli('redis-03', 'DBSIZE')) === KEYS ? true : null,
    );
  }

  function crash(host: string): Promise<string> {
    return on(host, 'systemctl kill --kill-who=main --signal=KILL redis-server');
  }

  /** As the Sentinels on the other hosts agree. */
  function namedMaster(not: string): () => Promise<string | null> {
    return async () => {
      const said = await Promise.all(
        SENTINEL_HOSTS.map((host) => sentinelCli(host, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'redis')),
      );
      const [first = ''] = said;
      const name = SENTINEL_HOSTS.find((_, at) => first.startsWith(`10.0.0.${123 + at}\n`)) ?? null;
      return said.every((each) => each === first) && name !== not ? name : null;
    };
  }
});
