import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { on, openProgram, type Program } from './program.ts';
import { secondEvening, THEIR_PASSWORD, THEIR_UNIT, type SecondEvening } from './second-evening-repository.ts';
import { SENTINEL_HOSTS, sentinelCli } from './sentinels.ts';

const status = z.looseObject({
  verdict: z.string(),
  sentinel: z.looseObject({ master: z.string().nullable() }).nullable(),
  readiness: z.array(z.looseObject({ code: z.string() })),
});

/** What the operators of the field report did next, in their order: see docs/second-evening.md. */
let program: Program;

beforeAll(async () => {
  await resetHosts();
  program = await openProgram();
  await asks({ sentinel: false });
  await program.applies();
  await redis('redis-01', 'SET', 'kept', 'yes');
});

afterAll(() => program.close());

const asks = (what: SecondEvening = {}) => program.write(secondEvening(what));

async function redis(host: string, ...words: readonly string[]): Promise<string> {
  const { stdout } = await onHost(host, ['redis-cli', '--no-auth-warning', '-a', THEIR_PASSWORD, ...words]);
  return stdout.trim();
}

async function says(...argv: readonly string[]): Promise<string> {
  // Lines are wrapped for a terminal.
  const { stdout, stderr } = await program.run(argv);
  return `${stdout}${stderr}`.replaceAll(/\s+/g, ' ');
}

async function codes(): Promise<readonly string[]> {
  return (await program.json(status, 'status')).readiness.map(({ code }) => code);
}

/** As their role does: their file as it is, their unit, and a restart. */
async function theirRole(host: string): Promise<void> {
  const { stdout } = await program.run(['render', host, '--file', 'sentinel.conf', '--reveal']);
  const script = `set -e
cat >/etc/redis/sentinel.conf
chown redis:redis /etc/redis/sentinel.conf
chmod 644 /etc/redis/sentinel.conf
cat >/etc/systemd/system/redis-sentinel.service <<'UNIT'
${THEIR_UNIT}UNIT
systemctl daemon-reload
systemctl enable --quiet redis-sentinel
systemctl restart redis-sentinel`;
  const { code, stderr } = await onHost(host, ['bash', '-c', script], { stdin: stdout });
  expect([code, stderr]).toEqual([0, '']);
}

describe('the second evening', () => {
  it('Sentinel on: what no failover could come of is named before anything is written', async () => {
    await asks();
    const plan = await says('plan');
    expect(plan).toContain('sentinel.conf: line 3, `protected-mode yes`, without a requirepass');
    expect(plan).toContain('SENTINEL_UNSAFE');
    expect(plan).toContain('Write `protected-mode no` and a `bind` to the host’s own address');
    expect((await program.run(['apply', '--yes'])).code).toBe(3);
    for (const host of SENTINEL_HOSTS)
      expect(await on(host, 'systemctl is-active redis-sentinel || true')).toBe('inactive');
  });

  it('their role sets it up all the same: healthy, but a failover would fail', async () => {
    await Promise.all(SENTINEL_HOSTS.map(theirRole));
    // The look that satisfied them.
    const seen = async () => sentinelCli('redis-01', 'SENTINEL', 'MASTER', 'mymaster');
    await expect.poll(seen, { timeout: 60_000 }).toMatch(/num-slaves\n2\nnum-other-sentinels\n2/);
    await expect.poll(codes, { timeout: 60_000 }).toContain('SENTINELS_CANNOT_TALK');
    const quorum = async () => sentinelCli('redis-01', 'SENTINEL', 'CKQUORUM', 'mymaster');
    await expect.poll(quorum, { timeout: 60_000 }).toContain('NOQUORUM');
    expect(await says('status')).toContain('redis: healthy, but a failover would fail');
    const doctor = await says('doctor');
    expect(doctor).toContain('redis-01 → 10.0.0.124:26379: -DENIED');
    expect(doctor).toContain('NOQUORUM 1 usable Sentinels');
  });

  it('the failover test that failed: the cause, and the one safe way out', async () => {
    await on('redis-01', 'systemctl stop redis-server');
    const flags = async () => sentinelCli('redis-02', 'SENTINEL', 'MASTER', 'mymaster');
    await expect.poll(flags, { timeout: 60_000 }).toContain('s_down');
    const seen = await says('status');
    expect(seen).toContain('redis: down, and a failover would fail');
    expect(seen).toContain('they cannot vote, so no failover begins');
    expect(seen).toContain('`failover lost-master` shows what would be lost');
    const dry = await says('failover', 'lost-master');
    expect(dry).toContain('everything that is known to have been written');
    const { code } = await program.run(['failover', 'lost-master', 'redis-02', '--yes']);
    expect(code).toBe(0);
    expect(await redis('redis-02', 'GET', 'kept')).toBe('yes');
    for (const host of SENTINEL_HOSTS)
      expect(await sentinelCli(host, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster')).toContain('10.0.0.124');
  });

  it('a fourth Sentinel: told that it is no better than three', async () => {
    await asks({ monitor: true });
    const plan = await says('plan');
    expect(plan).toContain('4 Sentinels survive the loss of no more hosts than 3');
  });

  it('with the line changed, one apply makes it ready', async () => {
    await asks({ open: true });
    await program.applies();
    const ready = async () => {
      const { verdict, sentinel, readiness } = await program.json(status, 'status');
      return [verdict, sentinel?.master, readiness.map(({ code }) => code).join()];
    };
    await expect.poll(ready, { timeout: 60_000, interval: 1000 }).toEqual(['healthy', 'redis-02', '']);
    expect((await program.run(['plan'])).code).toBe(0);
    expect(await redis('redis-01', 'GET', 'kept')).toBe('yes');
  });

  it('the failover test again: Sentinel elects a new master, and nothing moves it back', async () => {
    await on('redis-02', 'systemctl stop redis-server');
    const elected = async () => sentinelCli('redis-01', 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster');
    await expect.poll(elected, { timeout: 60_000 }).not.toContain('10.0.0.124');
    const now = await elected();
    await on('redis-02', 'systemctl start redis-server');
    const role = async () => (await redis('redis-02', 'ROLE')).split('\n')[0];
    await expect.poll(role, { timeout: 60_000 }).toBe('slave');
    expect(await elected()).toBe(now);
    expect(await redis('redis-02', 'GET', 'kept')).toBe('yes');
  });
});
