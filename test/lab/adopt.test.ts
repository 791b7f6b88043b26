import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resetHosts } from '../../lab/hosts.ts';
import { until } from '../../lab/until.ts';
import { PASSWORD, infoField, redisCli, replicasOnline, writeToAll } from './lab-cluster.ts';
import { on, openProgram, repositoryFor, type Program } from './program.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'] as const;
const CONF = '/etc/redis/redis.conf';
const DROP_IN = '/etc/systemd/system/redis-server.service.d';

const planned = z.looseObject({
  waves: z.array(z.looseObject({ actions: z.array(z.looseObject({ kind: z.string(), disruptive: z.boolean() })) })),
  blockers: z.array(z.unknown()),
});

/** Settings made by hand years ago: none of them is in Git. */
const BY_HAND = [
  `requirepass ${JSON.stringify(PASSWORD)}`,
  `masterauth ${JSON.stringify(PASSWORD)}`,
  'maxmemory-policy allkeys-lru',
  'appendonly yes',
  'databases 32',
  'user app on >hunter2 ~* +@all',
  'rename-command FLUSHALL ""',
  'include /etc/redis/conf.d/*.conf',
];

const VARIABLES = [
  'redis_enable_replication: true',
  'redis_master_host: redis-01',
  `redis_password: ${JSON.stringify(PASSWORD)}`,
  '',
].join('\n');
const MINIMAL = {
  'ansible/inventory/hosts.yml': repositoryFor({})['ansible/inventory/hosts.yml'] ?? '',
  'ansible/group_vars/redis.yml': VARIABLES,
};

/** Everything that would be missed: Redis’s settings, and who may log in. */
async function stateOf(host: string): Promise<readonly string[]> {
  return Promise.all([
    configurationOf(host),
    redisCli(host, 'ACL', 'LIST'),
    redisCli(host, 'DBSIZE'),
    infoField(host, 'run_id'),
  ]);
}

/** Each process has its own order. */
async function configurationOf(host: string): Promise<string> {
  const words = (await redisCli(host, 'CONFIG', 'GET', '*')).split('\n');
  const pairs = words.flatMap((name, at) => (at % 2 === 0 ? [`${name} ${words[at + 1] ?? ''}`] : []));
  return pairs.toSorted().join('\n');
}

describe('a cluster made by someone else, and an almost empty repository', () => {
  let program: Program;

  beforeAll(async () => {
    await resetHosts();
    program = await openProgram();
    for (const host of HOSTS) {
      const role = host === 'redis-01' ? [] : ['replicaof 10.0.0.123 6379'];
      const lines = [...BY_HAND, ...role].map((line) => `${line}\n`).join('');
      await on(host, `sed -i 's/^bind .*/bind 0.0.0.0/' ${CONF}; cat >>${CONF} <<'END'\n${lines}END`);
      await on(host, "mkdir -p /etc/redis/conf.d; echo 'timeout 300' >/etc/redis/conf.d/local.conf");
      await on(
        host,
        `mkdir -p ${DROP_IN}; printf '[Service]\\nLimitNOFILE=65000\\n' >${DROP_IN}/override.conf; systemctl daemon-reload`,
      );
      await on(host, 'systemctl enable --now -q redis-server');
    }
    await replicasOnline('redis-01', 2);
    for (let key = 0; key < 20; key += 1) await redisCli('redis-01', 'SET', `key:${key}`, 'value');
    await writeToAll({}, 'SET', 'last', '1');
    await program.write(MINIMAL);
  });

  afterAll(() => program.close());

  async function plan() {
    const { stdout, code } = await program.run(['plan', '--json']);
    const { waves, blockers } = planned.parse(JSON.parse(stdout));
    return { actions: waves.flatMap(({ actions }) => actions), blockers, code };
  }

  it('is planned without a restart, without CONFIG SET, and what is kept is said', async () => {
    const { actions, blockers } = await plan();
    expect(blockers).toEqual([]);
    const kinds = new Set(actions.map(({ kind }) => kind));
    for (const kind of ['restart-unit', 'config-set', 'hand-over', 'replicate']) expect(kinds).not.toContain(kind);
    const { stdout } = await program.run(['plan']);
    const said = stdout.replaceAll(/\s+/g, ' ');
    for (const line of ['appendonly yes', 'databases 32', 'dir /var/lib/redis', 'bind 0.0.0.0', 'user app'])
      expect(said).toContain(line);
    expect(said).not.toContain('hunter2');
  });

  it('runs on as it ran once redisops has written its files, after a question', async () => {
    const before = await Promise.all(HOSTS.map(stateOf));
    const file = await on('redis-02', `sha256sum <${CONF}`);
    const unasked = await program.run(['apply']);
    expect(unasked.code).toBe(3);
    const said = `${unasked.stdout}${unasked.stderr}`.replaceAll(/\s+/g, ' ');
    expect(said).toContain('APPROVAL_NEEDED');
    expect(said).toContain('which redisops did not write');
    expect(await on('redis-02', `sha256sum <${CONF}`)).toBe(file);

    const { code, stdout } = await program.run(['apply', '--yes']);
    expect(code).toBe(0);
    expect(stdout).toContain('override.conf.redisops-original');
    // It says what Git asks for already: its owner’s file is left as it is.
    expect(await on('redis-02', `sha256sum <${CONF}`)).toBe(file);
    expect(await Promise.all(HOSTS.map(stateOf))).toEqual(before);
    expect((await plan()).code).toBe(0);
    expect((await program.run(['drift'])).code).toBe(0);
  });

  it('has everything still after a start from the new file', async () => {
    const [, , before] = await Promise.all(HOSTS.map(stateOf));
    await on('redis-03', 'systemctl restart redis-server');
    // The master waits 5 s for further replicas: its own delay is kept too.
    await until('redis-03 has its link', 20, async () =>
      (await infoField('redis-03', 'master_link_status')) === 'up' ? true : null,
    );
    const after = await stateOf('redis-03');
    expect(after.slice(0, -1)).toEqual(before?.slice(0, -1));
    expect((await plan()).code).toBe(0);
  });

  it('has the limits that someone set for the unit', async () => {
    expect(await on('redis-03', 'systemctl show redis-server -p LimitNOFILE --value')).toBe('65000');
    expect(await on('redis-03', `cat ${DROP_IN}/override.conf.redisops-original`)).toBe('[Service]\nLimitNOFILE=65000');
  });

  it('makes the first change of its redis.conf after a question, and harmless ones from then on without', async () => {
    const original = await on('redis-02', `sha256sum <${CONF}`);
    const asks = (length: number): Promise<void> =>
      program.write({ 'ansible/group_vars/redis.yml': `${VARIABLES}redis_config: {slowlog-max-len: ${length}}\n` });
    await asks(100);
    const { actions } = await plan();
    expect([...new Set(actions.map(({ kind }) => kind))].toSorted()).toEqual(['config-set', 'write-file']);
    expect((await program.run(['apply', '--json'])).code).toBe(3);
    expect((await program.run(['apply', '--yes', '--json'])).code).toBe(0);
    expect(await on('redis-02', `sha256sum <${CONF}.redisops-original`)).toBe(original);
    await asks(200);
    expect((await program.run(['apply', '--json'])).code).toBe(0);
    expect(await on('redis-02', `sha256sum <${CONF}.redisops-original`)).toBe(original);
    for (const host of HOSTS) {
      expect(await redisCli(host, 'CONFIG', 'GET', 'slowlog-max-len')).toBe('slowlog-max-len\n200');
      expect(await redisCli(host, 'CONFIG', 'GET', 'appendonly')).toBe('appendonly\nyes');
    }
  });
});
