import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resetHosts } from '../../lab/hosts.ts';
import { until } from '../../lab/until.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import { readDesired } from '../../src/desired/read-desired.ts';
import { labSshSettings, run } from './lab-cluster.ts';
import { on, openProgram, type Program } from './program.ts';
import { PLAIN_PASSWORD, SENTINEL_HOSTS, sentinelCli, sentinelsKnowEachOther } from './sentinels.ts';

const ended = z.looseObject({ outcome: z.string(), code: z.string() });
const status = z.looseObject({ verdict: z.string(), readiness: z.array(z.looseObject({ code: z.string() })) });
const drift = z.looseObject({ drifts: z.array(z.unknown()) });
const plan = z.looseObject({ waves: z.array(z.unknown()), blockers: z.array(z.unknown()) });

let program: Program;

beforeAll(async () => {
  await resetHosts();
  program = await openProgram();
  await program.asks({ password: PLAIN_PASSWORD });
  const path = 'ansible/group_vars/redis.yml';
  const text = await readFile(`${program.folder}/${path}`, 'utf8');
  const sentinel =
    'redis_enable_sentinel: true\nredis_sentinel_down_after: 2000\nredis_sentinel_failover_timeout: 10000\n';
  await program.write({ [path]: text.replace('redis_enable_sentinel: false\n', sentinel) });
  await program.applies();
});

afterAll(() => program.close());

async function downAfter(): Promise<readonly string[]> {
  return Promise.all(
    SENTINEL_HOSTS.map(async (host) => {
      const lines = (await sentinelCli(host, 'SENTINEL', 'MASTER', 'redis')).split('\n').map((line) => line.trim());
      return lines[lines.indexOf('down-after-milliseconds') + 1] ?? '';
    }),
  );
}

/** Whatever a pause puts on a host. */
async function leftovers(): Promise<readonly string[]> {
  const paths =
    '/var/lib/redisops/*resume* /var/lib/redisops/*pause* /etc/systemd/system/*redisops-resume* /etc/systemd/system/*/*redisops-resume* /var/lib/systemd/timers/*redisops*';
  return Promise.all(
    SENTINEL_HOSTS.map((host) =>
      on(host, `ls -d ${paths} 2>/dev/null; systemctl list-units --all --plain --no-legend 'redisops-resume*'`),
    ),
  );
}

async function master(): Promise<string> {
  const [host = ''] = (await sentinelCli('redis-02', 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'redis')).split('\n');
  return host;
}

const NONE = ['', '', ''];
const USUAL = ['2000', '2000', '2000'];
const RAISED = ['1000000000', '1000000000', '1000000000'];

describe('a pause of automatic failover', () => {
  it('needs a duration and a reason', async () => {
    for (const words of [['pause'], ['pause', '30m'], ['pause', 'reboot'], ['pause', '30s', 'x'], ['pause', '2d', 'x']])
      expect(await program.run(words)).toMatchObject({ code: 64 });
    expect(await downAfter()).toEqual(USUAL);
  });

  it('is held on every Sentinel, seen everywhere, and is no drift', async () => {
    const { code, stdout } = await program.run(['pause', '30m', 'new switch; $(reboot) "now" %n']);
    expect(code).toBe(0);
    expect(stdout).toContain('Automatic failover is paused until');
    expect(await downAfter()).toEqual(RAISED);
    const seen = await program.json(status, 'status');
    expect(seen).toMatchObject({ verdict: 'healthy', readiness: [{ code: 'FAILOVER_PAUSED' }] });
    const shown = await program.run(['status']);
    expect(shown.stdout).toContain('healthy, but a failover would fail');
    expect(shown.stdout.replaceAll(/\s+/g, ' ')).toContain('new switch; $(reboot) "now" %n');
    expect((await program.run(['doctor'])).stdout).toContain('FAILOVER_PAUSED');
    expect(await program.json(drift, 'drift')).toMatchObject({ drifts: [] });
    expect(await program.json(plan, 'plan')).toMatchObject({ waves: [], blockers: [] });
    for (const host of SENTINEL_HOSTS)
      expect(await on(host, 'systemctl is-active redisops-resume-redis.timer')).toBe('active');
  });

  it('keeps a dead master’s role where it is', async () => {
    await on('redis-01', 'systemctl stop redis-server');
    await until('every Sentinel to miss the master for longer than usual', 60, async () => {
      const said = await Promise.all(SENTINEL_HOSTS.map((host) => sentinelCli(host, 'SENTINEL', 'MASTER', 'redis')));
      const silent = said.map((each) => Number(/last-ok-ping-reply\s+(\d+)/.exec(each)?.[1] ?? 0));
      return silent.every((milliseconds) => milliseconds > 5000) || null;
    });
    const flags = await Promise.all(SENTINEL_HOSTS.map((host) => sentinelCli(host, 'SENTINEL', 'MASTER', 'redis')));
    expect(flags.filter((each) => /[so]_down/.test(each))).toEqual([]);
    expect(await master()).toBe('10.0.0.123');
    await on('redis-01', 'systemctl start redis-server');
    await sentinelsKnowEachOther();
  });

  it('takes another end, and gives the first value back', async () => {
    expect(await program.json(ended, 'pause', '2h', 'it takes longer')).toMatchObject({ outcome: 'done' });
    expect((await program.run(['status'])).stdout).toContain('it takes longer');
    expect(await program.json(ended, 'resume')).toMatchObject({ outcome: 'done', code: 'DONE' });
    expect(await downAfter()).toEqual(USUAL);
    expect(await leftovers()).toEqual(NONE);
    expect(await program.json(status, 'status')).toMatchObject({ verdict: 'healthy', readiness: [] });
    expect(await program.json(ended, 'resume')).toMatchObject({ outcome: 'nothing-to-do' });
  });

  it('ends by itself, with nobody there, and after a host was down at the time', async () => {
    const nodes = sshNodes(labSshSettings());
    try {
      const desired = await readDesired(checkout(program.folder), {});
      const soon = new Date(Date.now() + 12_000).toISOString();
      const { failure } = await run({ kind: 'pause', until: soon, reason: 'soon over', by: 'a test' }, desired, nodes);
      expect(failure).toBeNull();
    } finally {
      await nodes.close();
    }
    // As a host that is off: its timer does not run, and starts at the next boot.
    await on('redis-03', 'systemctl stop redisops-resume-redis.timer');
    // As a Sentinel that is down at the time.
    await on('redis-02', 'systemctl stop redis-sentinel');
    expect((await downAfter())[0]).toBe('1000000000');
    await until('the first host to end the pause', 60, async () => (await downAfter())[0] === '2000' || null);
    await on('redis-02', 'systemctl start redis-sentinel');
    expect((await downAfter())[2]).toBe('1000000000');
    await on('redis-03', 'systemctl start redisops-resume-redis.timer');
    await until('every host to end the pause', 60, async () => (await downAfter()).join() === USUAL.join() || null);
    await until('the hosts to be as before', 30, async () => (await leftovers()).join('') === '' || null);
    await sentinelsKnowEachOther();
    expect(await program.json(plan, 'plan')).toMatchObject({ waves: [], blockers: [] });
  });

  it('is put right by resume after redisops was killed in the middle', async () => {
    const child = program.start(['pause', '30m', 'killed']);
    await until('the first host to be paused', 60, async () => {
      const found = await Promise.all(SENTINEL_HOSTS.map((host) => on(host, 'ls /etc/systemd/system/')));
      return found.some((each) => each.includes('redisops-resume-redis')) || null;
    });
    child.kill('SIGKILL');
    expect(await program.json(ended, 'resume')).toMatchObject({
      code: expect.stringMatching(/^(?:DONE|NOTHING_TO_DO)$/),
    });
    expect(await downAfter()).toEqual(USUAL);
    expect(await program.json(plan, 'plan')).toMatchObject({ waves: [], blockers: [] });
  });
});
