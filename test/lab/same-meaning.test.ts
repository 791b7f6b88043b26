import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GROUP_VARIABLES } from '../../lab/example-repository.ts';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { infoField, PASSWORD, redisCli, writeToAll } from './lab-cluster.ts';
import { on, openProgram, repositoryFor, type Program } from './program.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'] as const;
const CONF = '/etc/redis/redis.conf';

const planned = z.looseObject({
  waves: z.array(z.looseObject({ actions: z.array(z.looseObject({ node: z.string(), kind: z.string() })) })),
  blockers: z.array(z.unknown()),
});

/** Spelled otherwise than Redis does. */
const DIRECTIVES = {
  save: '"900 1 300 10"',
  'notify-keyspace-events': 'KEA',
  'client-output-buffer-limit': '"replica 512mb 128mb 60"',
  'latency-tracking-info-percentiles': '"50 99 99.90"',
  'oom-score-adj': 'relative',
  unixsocket: '/run/redis/r.sock',
  unixsocketperm: '"0770"',
  'hash-max-ziplist-entries': 64,
  'slave-priority': 50,
  loglevel: 'VERBOSE',
  'proto-max-bulk-len': '512MB',
  user: '"app on >hunter2 ~app:* &* +@all -@dangerous"',
};
const ASKED = { variables: ['redis_maxmemory: 256MB', 'redis_dir: /data/redis/'], directives: DIRECTIVES };

/** A difference that Redis does not act on: no step, no drift, no restart. */
describe('redis.conf in other words', () => {
  let program: Program;

  beforeAll(async () => {
    await resetHosts();
    program = await openProgram();
    await program.write(repository());
    await program.applies();
    await writeToAll({}, 'SET', 'kept', '1');
  });

  afterAll(() => program.close());

  async function processes(): Promise<readonly string[]> {
    return Promise.all(HOSTS.map((host) => infoField(host, 'run_id')));
  }

  async function expectNothingToDo(): Promise<void> {
    const plan = await program.run(['plan', '--json']);
    const { waves, blockers } = planned.parse(JSON.parse(plan.stdout));
    expect(waves.flatMap(({ actions }) => actions.map(({ node, kind }) => `${node} ${kind}`))).toEqual([]);
    expect(blockers).toEqual([]);
    expect(plan.code).toBe(0);
    expect((await program.run(['drift', '--json'])).code).toBe(0);
  }

  it('is as asked right after the run that wrote it', expectNothingToDo);

  it('is as asked after CONFIG REWRITE', async () => {
    const before = await on('redis-02', `cat ${CONF}`);
    for (const host of HOSTS) expect(await redisCli(host, 'CONFIG', 'REWRITE')).toBe('OK');
    expect(await on('redis-02', `cat ${CONF}`)).not.toBe(before);
    await expectNothingToDo();
    const running = await processes();
    const apply = await program.run(['apply', '--json']);
    expect(apply.code).toBe(0);
    expect(await processes()).toEqual(running);
    // And a start reads the same from it.
    await on('redis-03', 'systemctl restart redis-server');
    await writeToAll({}, 'SET', 'kept', '2');
    await expectNothingToDo();
  });

  it('is as asked with comments, other quotes, another order and blank lines', async () => {
    for (const host of HOSTS)
      await on(host, `{ echo '# by hand'; tac ${CONF}; echo; } >/tmp/conf && cat /tmp/conf >${CONF}`);
    await expectNothingToDo();
  });

  it('is not as asked where one word of it means something else', async () => {
    await on('redis-02', `echo 'hz 50' >>${CONF}`);
    const { code, stdout } = await program.run(['plan', '--json']);
    expect(code).toBe(2);
    expect(planned.parse(JSON.parse(stdout)).waves).toMatchObject([
      { actions: [{ node: 'redis-02', kind: 'write-file', disruptive: false }] },
    ]);
    await program.applies();
    await expectNothingToDo();
  });
});

/** The example’s own `redis_dir` makes way. */
function repository(): Readonly<Record<string, string>> {
  const files = repositoryFor(ASKED);
  return { ...files, [GROUP_VARIABLES]: (files[GROUP_VARIABLES] ?? '').replace('redis_dir: /data/redis\n', '') };
}

/** Debian’s own file: what the unit’s command line decides is no difference. */
describe('Debian’s redis.conf as the template', () => {
  let program: Program;

  beforeAll(async () => {
    await resetHosts();
    program = await openProgram();
  });

  afterAll(() => program.close());

  it('is applied once, and leaves nothing to do', async () => {
    const stock = await on('redis-01', `cat ${CONF}`);
    expect(stock).toMatch(/^daemonize yes$/m);
    const own = [
      'bind 127.0.0.1 {{ ansible_host }}',
      `requirepass ${JSON.stringify(PASSWORD)}`,
      `masterauth ${JSON.stringify(PASSWORD)}`,
      "{% if inventory_hostname != 'redis-01' %}replicaof 10.0.0.123 6379{% endif %}",
    ];
    await program.write({
      'redisops.yml': 'clusters:\n  redis:\n    template: ansible/redis.conf.j2\n',
      'ansible/inventory/hosts.yml': repositoryFor({})['ansible/inventory/hosts.yml'] ?? '',
      'ansible/group_vars/redis.yml': 'redis_enable_replication: true\nredis_master_host: redis-01\n',
      'ansible/redis.conf.j2': `${stock.replace(/^bind .*$/m, '')}\n${own.join('\n')}\n`,
    });
    const replaced = await on('redis-02', `sha256sum <${CONF}`);
    await program.applies();
    expect(await on('redis-02', `sha256sum <${CONF}.redisops-original`)).toBe(replaced);
    const running = await Promise.all(HOSTS.map((host) => infoField(host, 'run_id')));
    const { code, stdout } = await program.run(['plan', '--json']);
    expect(planned.parse(JSON.parse(stdout)).waves).toEqual([]);
    expect(code).toBe(0);
    expect((await program.run(['drift', '--json'])).code).toBe(0);
    await program.applies();
    expect(await Promise.all(HOSTS.map((host) => infoField(host, 'run_id')))).toEqual(running);
    await on('redis-02', `echo 'timeout 7' >>${CONF}`);
    await program.applies();
    expect(await on('redis-02', `sha256sum <${CONF}.redisops-original`)).toBe(replaced);
    expect((await onHost('redis-01', 'pgrep -c redis-server')).stdout.trim()).toBe('1');
  });
});
