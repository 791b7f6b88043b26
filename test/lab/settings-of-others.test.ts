import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resetHosts } from '../../lab/hosts.ts';
import { PASSWORD, infoField, redisCli, replicasOnline, writeToAll } from './lab-cluster.ts';
import { on, openProgram, repositoryFor, type Program } from './program.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'] as const;
const FOLDER = '/etc/redis';
const DROP_INS = '/etc/systemd/system/redis-server.service.d';

const planned = z.looseObject({
  waves: z.array(z.looseObject({ actions: z.array(z.looseObject({ node: z.string(), kind: z.string() })) })),
  blockers: z.array(z.looseObject({ code: z.string(), node: z.string().nullable(), message: z.string() })),
});
const ended = z.looseObject({ outcome: z.string(), code: z.string() });

const INCLUDED = [
  'timeout 300',
  'maxmemory-policy allkeys-lru',
  'client-output-buffer-limit pubsub 64mb 16mb 60',
  'save 900 1',
];

async function limitFiles(host: string, files: number): Promise<void> {
  const limits = `printf '[Service]\\nLimitNOFILE=${files}\\n' >${DROP_INS}/limits.conf`;
  await on(host, `mkdir -p ${DROP_INS}; ${limits}; systemctl daemon-reload`);
}

/** What only a file or a limit of the host’s owner says: nothing that a run may change, or be surprised by. */
describe('settings that Git does not have', () => {
  let program: Program;

  beforeAll(async () => {
    await resetHosts();
    program = await openProgram();
    for (const host of HOSTS) {
      const lines = [
        'bind 0.0.0.0',
        `requirepass ${JSON.stringify(PASSWORD)}`,
        `masterauth ${JSON.stringify(PASSWORD)}`,
        'dir /var/lib/redis',
        'repl-diskless-sync-delay 0',
        'logfile /var/log/redis/redis-server.log',
        `include ${FOLDER}/local.conf`,
        ...(host === 'redis-01' ? [] : ['replicaof 10.0.0.123 6379']),
      ];
      await on(host, `printf '%s\\n' ${INCLUDED.map((line) => `'${line}'`).join(' ')} >${FOLDER}/local.conf`);
      await on(host, `cat >${FOLDER}/redis.conf <<'END'\n${lines.join('\n')}\nEND`);
      await limitFiles(host, 12_000);
      await on(host, `chown redis: ${FOLDER}/*.conf; systemctl enable --now -q redis-server`);
    }
    await replicasOnline('redis-01', 2);
    await writeToAll({}, 'SET', 'kept', '1');
    // As it runs, not as the included file says it.
    for (const host of HOSTS) await redisCli(host, 'CONFIG', 'SET', 'timeout', '0');
  });

  afterAll(() => program.close());

  async function asks(directives: Readonly<Record<string, string | number>>): Promise<void> {
    const config = Object.entries(directives).map(([name, value]) => `  ${name}: ${value}`);
    const variables = ['redis_enable_replication: true', 'redis_master_host: redis-01', 'redis_dir: /var/lib/redis'];
    await program.write({
      'ansible/inventory/hosts.yml': repositoryFor({})['ansible/inventory/hosts.yml'] ?? '',
      'ansible/group_vars/redis.yml': [
        ...variables,
        `redis_password: ${JSON.stringify(PASSWORD)}`,
        'redis_config:',
        ...config,
        '',
      ].join('\n'),
    });
  }

  async function plan() {
    const { stdout } = await program.run(['plan', '--json']);
    const { waves, blockers } = planned.parse(JSON.parse(stdout));
    return { kinds: waves.flatMap(({ actions }) => actions.map(({ kind }) => kind)), blockers };
  }

  async function applies(): Promise<void> {
    const { stdout } = await program.run(['apply', '--yes', '--json']);
    expect(ended.parse(JSON.parse(stdout))).toMatchObject({ outcome: 'done', code: 'DONE' });
    expect(await plan()).toEqual({ kinds: [], blockers: [] });
  }

  const running = (directive: string) => redisCli('redis-02', 'CONFIG', 'GET', directive);

  it('stay as they run, through a restart: an included file does not come back to life', async () => {
    await asks({ 'tcp-backlog': 600 });
    await applies();
    expect(await running('tcp-backlog')).toContain('600');
    expect(await running('timeout')).toBe('timeout\n0');
    expect(await running('maxmemory-policy')).toContain('allkeys-lru');
    expect(await running('client-output-buffer-limit')).toContain('pubsub 67108864 16777216 60');
  });

  it('change with the file that has them, at the next start, without a difference', async () => {
    for (const host of HOSTS) await on(host, `printf '%s\\n' 'lfu-decay-time 7' 'databases 40' >>${FOLDER}/local.conf`);
    expect(await plan()).toEqual({ kinds: [], blockers: [] });
    await asks({ 'tcp-backlog': 700 });
    await applies();
    expect(await running('lfu-decay-time')).toContain('7');
    expect(await running('databases')).toContain('40');
  });

  it('are overridden by Git, class by class where Redis merges them', async () => {
    await asks({ 'tcp-backlog': 700, 'lfu-decay-time': 3, 'client-output-buffer-limit': '"replica 512mb 128mb 60"' });
    await applies();
    expect(await running('lfu-decay-time')).toContain('3');
    expect(await running('client-output-buffer-limit')).toContain(
      'slave 536870912 134217728 60 pubsub 67108864 16777216 60',
    );
  });

  it('limit maxclients: refused before the first step, then taken by a restart once the unit allows it', async () => {
    await asks({ 'tcp-backlog': 700, maxclients: 15_000 });
    const { blockers } = await plan();
    expect(blockers.map(({ code, node }) => `${code} ${node}`)).toEqual(
      HOSTS.map((host) => `OPEN_FILES_SHORT ${host}`),
    );
    expect(blockers[0]?.message).toContain('needs 15032 open files; redis-server.service may open 12000');
    for (const host of HOSTS) await limitFiles(host, 15_032);
    const next = await plan();
    expect(next.blockers).toEqual([]);
    expect(next.kinds).toContain('restart-unit');
    expect(next.kinds).not.toContain('config-set');
    await applies();
    expect(await running('maxclients')).toContain('15000');
    // What the process may open, it takes live.
    await asks({ 'tcp-backlog': 700, maxclients: 14_000 });
    expect((await plan()).kinds).not.toContain('restart-unit');
    expect(await infoField('redis-01', 'role')).toBe('master');
    expect(await redisCli('redis-01', 'GET', 'kept')).toBe('1');
  });
});
