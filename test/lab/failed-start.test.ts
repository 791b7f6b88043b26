import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rebootHost, resetHosts } from '../../lab/hosts.ts';
import { infoField, redisCli, replicasOnline } from './lab-cluster.ts';
import { on, openHealthyCluster, type Asked, type Program } from './program.ts';

const UNIT = 'redis-server.service';
const FOLDER = '/etc/systemd/system/redis-server.service.d';

const blocked = z.looseObject({
  blockers: z.array(z.looseObject({ code: z.string(), node: z.string().nullable(), message: z.string() })),
});

const diagnosed = z.looseObject({
  findings: z.array(z.looseObject({ id: z.string(), node: z.string().nullable(), cause: z.string() })),
});

let program: Program;

beforeAll(async () => {
  program = await openHealthyCluster();
  await replicasOnline('redis-01', 2);
  await redisCli('redis-01', 'SET', 'kept', 'yes');
});

afterAll(async () => {
  await program.close();
  await resetHosts();
});

interface State {
  name: string;
  makes: string;
  undoes: string;
}

describe('a start that fails', () => {
  const states: readonly (State & { asks: Asked; says: RegExp })[] = [
    {
      name: 'the folder of the log is gone',
      makes: 'mv /var/log/redis /var/log/redis-x',
      undoes: 'rm -rf /var/log/redis; mv /var/log/redis-x /var/log/redis',
      asks: { directives: { databases: 20 } },
      says: /FATAL CONFIG FILE ERROR · Can't open the log file: No such file or directory/,
    },
    {
      name: 'the log is a folder',
      makes: 'mv /var/log/redis/redis-server.log /var/log/redis/x; mkdir /var/log/redis/redis-server.log',
      undoes: 'rmdir /var/log/redis/redis-server.log; mv /var/log/redis/x /var/log/redis/redis-server.log',
      asks: { directives: { databases: 20 } },
      says: /FATAL CONFIG FILE ERROR · Can't open the log file: Is a directory/,
    },
    {
      name: 'Git names a socket in a folder that is not there',
      makes: 'true',
      undoes: 'true',
      asks: { directives: { unixsocket: '/nowhere/redis.sock' } },
      says: /Failed opening Unix socket: bind: No such file or directory/,
    },
  ];

  // One after the other within seconds: each has the cause of its own start.
  it.each(states)('says so in the words of Redis: $name', async ({ makes, undoes, asks, says }) => {
    const others = await Promise.all(['redis-01', 'redis-03'].map((host) => infoField(host, 'run_id')));
    await on('redis-02', makes);
    await program.asks(asks);
    const { code, stdout } = await program.run(['apply', '--yes']);
    expect([code, stdout.replaceAll(/\s+/g, ' ')]).toEqual([1, expect.stringMatching(says)]);
    expect(await Promise.all(['redis-01', 'redis-03'].map((host) => infoField(host, 'run_id')))).toEqual(others);
    expect(await redisCli('redis-01', 'GET', 'kept')).toBe('yes');
    await on('redis-02', undoes);
    await program.asks();
    await on('redis-02', `systemctl reset-failed ${UNIT}; true`);
    await program.run(['apply', '--yes']);
    await replicasOnline('redis-01', 2);
  });
});

describe('an address of bind that comes late at a boot', () => {
  const VARIABLES = 'ansible/host_vars/redis-03.yml';
  const address = (verb: 'add' | 'del') => on('redis-03', `ip address ${verb} 10.0.0.225/32 dev eth0`);

  it('is waited for: systemd does not give up, and the replica is in sync again', async () => {
    await address('add');
    await program.write({ [VARIABLES]: 'redis_bind: 127.0.0.1 10.0.0.125 10.0.0.225\n' });
    expect((await program.run(['apply', '--yes'])).code).toBe(0);
    await address('del');
    await rebootHost('redis-03');
    // As long as systemd itself would try without the wait, and longer.
    const tries = 'journalctl -b -u redis-server --no-pager -o cat | grep -c "^Starting redis"';
    await expect
      .poll(async () => Number(await on('redis-03', `${tries} || true`)), { timeout: 60_000 })
      .toBeGreaterThan(2);
    await address('add');
    await expect.poll(() => infoField('redis-03', 'master_link_status'), { timeout: 30_000 }).toBe('up');
    await program.write({ [VARIABLES]: '{}\n' });
    expect((await program.run(['apply', '--yes'])).code).toBe(0);
    await address('del');
  }, 150_000);
});

describe('a unit that systemd will not start', () => {
  let state: State | undefined;

  beforeAll(() => program.asks());

  afterEach(async () => {
    if (state)
      await on(
        'redis-02',
        `${state.undoes}; systemctl daemon-reload; systemctl reset-failed ${UNIT}; systemctl start ${UNIT}`,
      );
    await replicasOnline('redis-01', 2);
  });

  const dropIn = (text: string): string => `printf '${text}' >${FOLDER}/50-person.conf; systemctl daemon-reload`;
  const states: readonly (State & { says: RegExp })[] = [
    {
      name: 'it is masked',
      makes: `systemctl stop ${UNIT}; systemctl mask ${UNIT}`,
      undoes: `systemctl unmask ${UNIT}`,
      says: /^UNIT_NOT_STARTABLE redis-02: .* is masked/,
    },
    {
      name: 'it has a bad setting',
      makes: `systemctl stop ${UNIT}; ${dropIn('[Service]\\nType=oneshot\\nRestart=always\\n')}`,
      undoes: `rm ${FOLDER}/50-person.conf`,
      says: /^UNIT_NOT_STARTABLE redis-02: .*LoadState=bad-setting/,
    },
    {
      name: 'it refuses a start by hand',
      makes: `systemctl stop ${UNIT}; ${dropIn('[Unit]\\nRefuseManualStart=yes\\n')}`,
      undoes: `rm ${FOLDER}/50-person.conf`,
      says: /^UNIT_NOT_STARTABLE redis-02: .*CanStart=no/,
    },
    {
      name: 'it fails at every start',
      makes: `systemctl stop ${UNIT}; mv /var/log/redis /var/log/redis-x; ${dropIn('[Unit]\\nStartLimitIntervalSec=0\\n[Service]\\nRestartSec=1\\n')}; systemctl start ${UNIT} || sleep 4`,
      undoes: `systemctl stop ${UNIT}; mv /var/log/redis-x /var/log/redis; rm ${FOLDER}/50-person.conf`,
      says: /^UNIT_NOT_STARTABLE redis-02: .*systemd restarted it \d+ times\. FATAL CONFIG FILE ERROR · Can't open the log file/,
    },
  ];

  it.each(states)('blocks the plan by name: $name', async (each) => {
    state = each;
    await on('redis-02', each.makes);
    const { blockers } = blocked.parse(JSON.parse((await program.run(['plan', '--json'])).stdout));
    expect(blockers.map(({ code, message }) => `${code} ${message}`)).toEqual([expect.stringMatching(each.says)]);
    const before = performance.now();
    expect((await program.run(['apply', '--yes'])).code).toBe(3);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('is diagnosed by its latest failure, not by an earlier one', async () => {
    const sandbox = '[Service]\\nRestart=no\\nReadWritePaths=/nowhere\\n';
    state = { name: 'sandbox', makes: '', undoes: `rm ${FOLDER}/50-person.conf` };
    await on(
      'redis-02',
      `systemctl stop ${UNIT}; mv /var/log/redis /var/log/redis-x; systemctl start ${UNIT} || true; systemctl stop ${UNIT}; mv /var/log/redis-x /var/log/redis; ${dropIn(sandbox)}; systemctl reset-failed ${UNIT}; systemctl start ${UNIT} || true`,
    );
    const { findings } = diagnosed.parse(JSON.parse((await program.run(['doctor', '--json'])).stdout));
    const [found] = findings.filter(({ id, node }) => id === 'SERVICE_NOT_ACTIVE' && node === 'redis-02');
    expect(found?.cause).toContain('Failed to set up mount namespacing');
    expect(found?.cause).not.toContain('FATAL');
  });

  it('because a condition does not hold: the step says so at once', async () => {
    state = { name: 'condition', makes: '', undoes: `rm ${FOLDER}/50-person.conf` };
    await on('redis-02', `systemctl stop ${UNIT}; ${dropIn('[Unit]\\nConditionPathExists=/nowhere\\n')}`);
    const { code, stdout } = await program.run(['apply', '--yes']);
    expect([code, stdout.replaceAll(/\s+/g, ' ')]).toEqual([
      3,
      expect.stringMatching(/A condition of redis-server\.service does not hold/),
    ]);
  });
});
