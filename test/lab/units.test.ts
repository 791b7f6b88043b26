import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { infoField, redisCli, replicasOnline } from './lab-cluster.ts';
import { fingerprint, on, openHealthyCluster, type Program } from './program.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const FOLDER = '/etc/systemd/system/redis-server.service.d';
const OWN = `${FOLDER}/override.conf`;

const planned = z.looseObject({
  waves: z.array(z.object({ actions: z.array(z.looseObject({ node: z.string(), kind: z.string() })) })),
  blockers: z.array(z.looseObject({ code: z.string(), node: z.string().nullable(), message: z.string() })),
});
const ended = z.looseObject({ outcome: z.string(), code: z.string(), message: z.string().optional() });

let program: Program;

beforeAll(async () => {
  program = await openHealthyCluster();
  await replicasOnline('redis-01', 2);
  await redisCli('redis-01', 'SET', 'kept', 'yes');
});

afterAll(() => program.close());

async function plan(): Promise<z.infer<typeof planned>> {
  return planned.parse(JSON.parse((await program.run(['plan', '--json'])).stdout));
}

async function blockers(): Promise<readonly string[]> {
  return (await plan()).blockers.map(({ code, node, message }) => `${code} ${node}: ${message}`);
}

async function apply(): Promise<z.infer<typeof ended>> {
  return ended.parse(JSON.parse((await program.run(['apply', '--yes', '--json'])).stdout));
}

/** A drop-in of a person’s. */
async function write(host: string, name: string, ...lines: readonly string[]): Promise<void> {
  const text = ['[Service]', ...lines].map((line) => `${line}\\n`).join('');
  await on(host, `mkdir -p ${FOLDER} && printf '${text}' >${FOLDER}/${name} && systemctl daemon-reload`);
}

async function expectEmptyPlan(): Promise<void> {
  const { waves, blockers } = await plan();
  expect([waves, blockers]).toEqual([[], []]);
}

describe('drop-ins that systemd does not have', () => {
  it('comes back where its folder was removed: systemd is made to look, before the one restart', async () => {
    await on('redis-02', `rm -r ${FOLDER}; systemctl daemon-reload; systemctl restart redis-server`);
    await expect.poll(() => redisCli('redis-02', 'PING'), { timeout: 10_000 }).toBe('PONG');
    expect(await apply()).toMatchObject({ outcome: 'done' });
    expect(await on('redis-02', 'systemctl show redis-server -p DropInPaths -p ReadWritePaths')).toMatch(
      /ReadWritePaths=.*\/data\/redis[^]*DropInPaths=.*override\.conf/,
    );
    await on(
      'redis-02',
      `setpriv --reuid=redis --regid=redis --clear-groups true; test -w /proc/$(pidof redis-server)/cwd`,
    );
    await expectEmptyPlan();
  });

  it('is read where its folder appeared under systemd, whatever NeedDaemonReload says', async () => {
    const content = await on('redis-03', `cat ${OWN}`);
    await on('redis-03', `rm -r ${FOLDER}; systemctl daemon-reload; mkdir ${FOLDER}`);
    await on('redis-03', `cat >${OWN} <<'E'\n${content}\nE\nsystemctl restart redis-server`);
    expect(await on('redis-03', 'systemctl show redis-server -p NeedDaemonReload -p DropInPaths')).not.toContain(OWN);
    expect(await apply()).toMatchObject({ outcome: 'done' });
    expect(await on('redis-03', 'systemctl show redis-server -p DropInPaths')).toContain(OWN);
    await expectEmptyPlan();
  });

  it('never lets a unit restart that is not as asked', async () => {
    await on('redis-02', `rm ${OWN}`);
    await write('redis-02', 'zz.conf', 'ReadWritePaths=');
    const process = await infoField('redis-02', 'run_id');
    expect(await apply()).toMatchObject({ outcome: 'failed', code: 'UNIT_NOT_AS_ASKED' });
    expect(await infoField('redis-02', 'run_id')).toBe(process);
    expect(await blockers()).toEqual([
      expect.stringMatching(/^UNIT_NOT_AS_ASKED redis-02: .*\/data\/redis.*It also loads .*zz\.conf/),
    ]);
    await on('redis-02', `rm ${FOLDER}/zz.conf; systemctl daemon-reload`);
    expect(await apply()).toMatchObject({ outcome: expect.stringMatching(/^(done|nothing-to-do)$/) });
    await expectEmptyPlan();
  });
});

describe('a Redis that does not read the file that is written', () => {
  let before: readonly string[];

  afterEach(async () => {
    for (const host of HOSTS) {
      await on(host, `rm -f ${FOLDER}/50-person.conf /usr/local/bin/start-redis; systemctl daemon-reload`);
      await on(host, 'pgrep -a redis-server | grep -q . && systemctl restart redis-server');
    }
    await replicasOnline('redis-01', 2);
    await program.asks();
    await expectEmptyPlan();
  });

  it.each<[string, string, boolean, RegExp]>([
    [
      'it was started with another one',
      '/usr/bin/redis-server /etc/redis/prod.conf --supervised systemd --daemonize no',
      true,
      /^CONFIG_FILE_NOT_READ redis-02: .*\/etc\/redis\/prod\.conf/,
    ],
    [
      'its next start would read another one',
      '/usr/bin/redis-server /etc/redis/prod.conf --supervised systemd --daemonize no',
      false,
      /^CONFIG_FILE_NOT_READ redis-02: .*\/etc\/redis\/prod\.conf/,
    ],
    [
      'a directive stands on its command line',
      '/usr/bin/redis-server /etc/redis/redis.conf --maxmemory 1gb --supervised systemd --daemonize no',
      true,
      /^COMMAND_LINE_OVERRIDES redis-02: .*--maxmemory 1gb/,
    ],
    [
      'a wrapper starts it',
      '/usr/local/bin/start-redis',
      false,
      /^CONFIG_FILE_NOT_READ redis-02: .*\/usr\/local\/bin\/start-redis/,
    ],
  ])('is refused, and nothing is touched: %s', async (_, command, restarted, blocker) => {
    await on('redis-02', 'cp -p /etc/redis/redis.conf /etc/redis/prod.conf');
    await write('redis-02', '50-person.conf', 'ExecStart=', `ExecStart=${command}`);
    if (restarted) {
      await on('redis-02', 'systemctl restart redis-server');
      await replicasOnline('redis-01', 2);
    }
    for (const asked of [{ variables: ['redis_maxmemory: 300mb'] }, { directives: { databases: 32 } }]) {
      await program.asks(asked);
      before = await fingerprint();
      expect(await blockers()).toEqual(expect.arrayContaining([expect.stringMatching(blocker)]));
      expect(await apply()).toMatchObject({ outcome: 'refused' });
      expect(await fingerprint()).toEqual(before);
    }
  });
});

describe('links', () => {
  it('may lead to the data directory: the same folder is no difference', async () => {
    await on(
      'redis-02',
      'systemctl stop redis-server; rm -rf /mnt/big; mkdir -p /mnt/big; mv /data/redis /mnt/big/; ln -s /mnt/big/redis /data/redis',
    );
    await on('redis-02', 'systemctl start redis-server');
    await replicasOnline('redis-01', 2);
    expect(await redisCli('redis-02', 'CONFIG', 'GET', 'dir')).toContain('/mnt/big/redis');
    await expectEmptyPlan();
    await program.asks({ directives: { databases: 20 } });
    expect(await apply()).toMatchObject({ outcome: 'done' });
    await expectEmptyPlan();
  });

  it('are never followed to change what they lead to: the plan says so by name', async () => {
    await on('redis-02', 'chmod 555 /mnt/big/redis');
    expect(await blockers()).toEqual([expect.stringMatching(/^PATH_IS_LINK redis-02: .*\/mnt\/big\/redis/)]);
    await on('redis-02', 'chmod 750 /mnt/big/redis');

    await on(
      'redis-03',
      'mkdir -p /opt/infra; mv /etc/redis/redis.conf /opt/infra/; ln -s /opt/infra/redis.conf /etc/redis/',
    );
    await expectEmptyPlan();
    await program.asks({ directives: { databases: 20 }, variables: ['redis_maxmemory: 300mb'] });
    const before = await fingerprint();
    expect(await blockers()).toEqual([
      expect.stringMatching(/^PATH_IS_LINK redis-03: \/etc\/redis\/redis\.conf .*\/opt\/infra\/redis\.conf/),
    ]);
    expect(await apply()).toMatchObject({ outcome: 'refused', code: 'PATH_IS_LINK' });
    expect(await fingerprint()).toEqual(before);
    await on('redis-03', 'cp --remove-destination --preserve /opt/infra/redis.conf /etc/redis/redis.conf');
    expect(await apply()).toMatchObject({ outcome: 'done' });
    await expectEmptyPlan();
  });
});

describe('a restart', () => {
  it('that has no effect ends the run before the next node', async () => {
    const wrapper = '/usr/local/bin/redis-server';
    const others = await Promise.all(['redis-01', 'redis-03'].map((host) => infoField(host, 'run_id')));
    await on(
      'redis-02',
      `printf '#!/bin/sh\nexec /usr/bin/redis-server "$@" --databases 20\n' >${wrapper}; chmod 755 ${wrapper}`,
    );
    const command = 'redis-server /etc/redis/redis.conf --supervised systemd --daemonize no';
    await write('redis-02', '50-person.conf', 'NoExecPaths=', 'ExecStart=', `ExecStart=/usr/local/bin/${command}`);
    await program.asks({ directives: { databases: 40 }, variables: ['redis_maxmemory: 300mb'] });
    const { code, stdout } = await program.run(['apply', '--yes']);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/databases is 20, not 40[^]*CHANGE_WITHOUT_EFFECT/)]);
    expect(await Promise.all(['redis-01', 'redis-03'].map((host) => infoField(host, 'run_id')))).toEqual(others);
    expect(await infoField('redis-01', 'role')).toBe('master');
  });
});
