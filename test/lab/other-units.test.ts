import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resetHosts } from '../../lab/hosts.ts';
import { PASSWORD, redisCli } from './lab-cluster.ts';
import { on, openProgram, type Program } from './program.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const FOLDER = '/var/lib/redis/6379';
const COMMAND = `/usr/bin/redis-server /etc/redis/6379.conf`;

const blocked = z.looseObject({
  blockers: z.array(
    z.looseObject({ code: z.string(), node: z.string().nullable(), message: z.string(), hint: z.string().optional() }),
  ),
});

let program: Program;

beforeAll(async () => {
  await resetHosts();
  program = await openProgram();
  await program.asks();
  for (const host of HOSTS) {
    const role = host === 'redis-01' ? '' : 'replicaof 10.0.0.123 6379';
    const lines = [
      'port 6379',
      'bind 0.0.0.0',
      'protected-mode no',
      `dir ${FOLDER}`,
      'save 900 1',
      'repl-diskless-sync-delay 0',
      `requirepass ${JSON.stringify(PASSWORD)}`,
      `masterauth ${JSON.stringify(PASSWORD)}`,
      role,
    ];
    await on(
      host,
      `mkdir -p ${FOLDER}; chown -R redis: /var/lib/redis; cat >/etc/redis/6379.conf <<'E'\n${lines.join('\n')}\nE\nchown redis: /etc/redis/6379.conf`,
    );
  }
});

afterAll(async () => {
  await program.close();
  await resetHosts();
});

interface Way {
  name: string;
  start: string;
  stop: string;
  owner: RegExp;
  code: string;
}

const WAYS: readonly Way[] = [
  {
    name: 'another unit',
    start: `printf '[Service]\\nUser=redis\\nExecStart=${COMMAND}\\n' >/etc/systemd/system/redis_6379.service; systemctl daemon-reload; systemctl start redis_6379`,
    stop: 'systemctl stop redis_6379',
    owner: /redis_6379\.service \(process \d+\) with \/etc\/redis\/6379\.conf and data in \/var\/lib\/redis\/6379/,
    code: 'REDIS_RUNS_ELSEWHERE',
  },
  {
    name: 'an instance of a template',
    start: `printf '[Service]\\nUser=redis\\nExecStart=/usr/bin/redis-server /etc/redis/%%i.conf\\n' >/etc/systemd/system/redis@.service; systemctl daemon-reload; systemctl start redis@6379`,
    stop: 'systemctl stop redis@6379',
    owner: /redis@6379\.service \(process \d+\) with \/etc\/redis\/6379\.conf/,
    code: 'REDIS_RUNS_ELSEWHERE',
  },
  {
    name: 'a container',
    start: `systemd-run --quiet --unit=docker-ab12 unshare --pid --fork --kill-child ${COMMAND}`,
    stop: 'systemctl stop docker-ab12',
    owner: /docker-ab12\.service \(process \d+\) with \/etc\/redis\/6379\.conf/,
    code: 'REDIS_RUNS_ELSEWHERE',
  },
  {
    name: 'a person’s own command',
    start: `systemd-run --quiet --scope --unit=session-99 runuser -u redis -- ${COMMAND} --daemonize yes`,
    stop: 'pkill -x redis-server; while pgrep -x redis-server; do sleep 0.1; done',
    owner: /process \d+ \(.*\) with \/etc\/redis\/6379\.conf and data in \/var\/lib\/redis\/6379/,
    code: 'STRAY_HOLDS_DATA',
  },
];

async function plan(): Promise<z.infer<typeof blocked>> {
  return blocked.parse(JSON.parse((await program.run(['plan', '--json'])).stdout));
}

describe('a Redis that runs elsewhere, healthy, with data', () => {
  let way: Way | undefined;

  afterEach(async () => {
    for (const host of HOSTS) await on(host, way?.stop ?? 'true');
  });

  it.each(WAYS)('$name: is named, and nothing starts beside it', async (each) => {
    way = each;
    for (const host of HOSTS) await on(host, way.start);
    await expect.poll(() => redisCli('redis-01', 'WAIT', '2', '100'), { timeout: 20_000 }).toBe('2');
    await redisCli('redis-01', 'SET', 'kept', 'yes');
    const { blockers } = await plan();
    const first = blockers.find(({ node }) => node === 'redis-01');
    expect(first).toMatchObject({ code: way.code, message: expect.stringMatching(way.owner) });
    expect(blockers.filter(({ code }) => code === 'PORT_TAKEN' || code === 'MASTER_DOWN')).toEqual([]);
    const { code, stdout } = await program.run(['apply', '--yes']);
    expect([code, stdout]).toEqual([3, expect.stringMatching(/Leave it running/)]);
    const said = `${stdout}${(await program.run(['doctor'])).stdout}${(await program.run(['status'])).stdout}`;
    expect(said).not.toMatch(/Stop it,|does not run/);
    expect(await redisCli('redis-03', 'GET', 'kept')).toBe('yes');
    for (const host of HOSTS) expect(await on(host, 'systemctl is-active redis-server || true')).not.toBe('active');
  });

  it('left its data on disk: a start that would be empty names the file', async () => {
    way = undefined;
    for (const host of HOSTS) await on(host, 'systemctl start redis_6379');
    await expect.poll(() => redisCli('redis-01', 'WAIT', '2', '100'), { timeout: 20_000 }).toBe('2');
    await redisCli('redis-01', 'SET', 'kept', 'yes');
    for (const host of HOSTS) await on(host, 'systemctl stop redis_6379');
    const { stdout } = await program.run(['plan']);
    expect(stdout).toMatch(/redis-01 starts empty and leaves behind \/var\/lib\/redis\/6379\/dump\.rdb/);
    expect((await program.run(['apply'])).code).toBe(3);
    expect(await on('redis-01', 'systemctl is-active redis-server || true')).not.toBe('active');
  });
});
