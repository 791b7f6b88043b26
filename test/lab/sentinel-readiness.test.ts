import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { onHost } from '../../lab/hosts.ts';
import { readinessOf } from '../../src/domain/readiness/readiness.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { Lack } from '../../src/domain/sentinel/lack.ts';
import { observe } from '../../src/observed/observe.ts';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { readDesired } from '../../src/desired/read-desired.ts';
import type { Nodes } from '../../src/ports/nodes.ts';
import { labSshSettings } from './lab-cluster.ts';
import { on, openHealthyCluster, type Program } from './program.ts';
import {
  PLAIN_PASSWORD,
  SENTINEL_HOSTS,
  plainCli,
  sentinelCli,
  sentinelLines,
  sentinelsKnowEachOther,
  startSentinel,
  startSentinels,
} from './sentinels.ts';

const status = z.looseObject({
  verdict: z.string(),
  sentinel: z.looseObject({
    master: z.string().nullable(),
    quorum: z.number().nullable(),
    sentinels: z.array(z.looseObject({ name: z.string(), names: z.string().nullable(), sees: z.number().nullable() })),
  }),
  readiness: z.array(z.strictObject({ code: z.string(), message: z.string() })),
});
const doctor = z.looseObject({
  healthy: z.boolean(),
  findings: z.array(z.looseObject({ id: z.string(), severity: z.string(), evidence: z.array(z.string()) })),
});

let nodes: Nodes;
let desired: DesiredCluster;
let program: Program;

beforeAll(async () => {
  program = await openHealthyCluster({ password: PLAIN_PASSWORD });
  nodes = sshNodes(labSshSettings());
  desired = await readDesired(checkout(program.folder), {});
});

afterAll(async () => {
  await nodes.close();
  await program.close();
});

async function lacks(): Promise<readonly Lack[]> {
  return readinessOf(desired, await observe(desired, nodes));
}

async function codes(): Promise<readonly string[]> {
  return (await lacks()).map(({ code }) => code);
}

async function finds(...expected: readonly string[]): Promise<readonly Lack[]> {
  await expect.poll(codes, { timeout: 40_000, interval: 300 }).toEqual(expected);
  return lacks();
}

const FIELD = ['protected-mode yes', 'logfile ""'];

describe('Sentinels that know each other and may not talk', () => {
  it.each([
    ['without a bind', FIELD],
    ['with a bind: Redis 7 asks for a password all the same', [...FIELD, 'bind 0.0.0.0']],
  ])('are named, %s', async (_, more) => {
    await startSentinels(() => sentinelLines('redis', more));
    await sentinelsKnowEachOther();
    const [lack] = await finds('SENTINELS_CANNOT_TALK');
    expect(lack?.nodes).toEqual(SENTINEL_HOSTS);
    expect(lack?.evidence.filter((line) => line.includes('-DENIED'))).toHaveLength(6);
    const evidence = async () => (await lacks()).flatMap((each) => each.evidence).join('\n');
    await expect.poll(evidence, { timeout: 30_000 }).toContain('NOQUORUM');
  });

  it('are named by status and doctor within two seconds, in a cluster that is healthy', async () => {
    const shown = await program.run(['status']);
    expect(shown.stdout).toContain('redis: healthy, but a failover would fail');
    const read = status.parse(JSON.parse((await program.run(['status', '--json'])).stdout));
    expect(read).toMatchObject({ verdict: 'healthy', readiness: [{ code: 'SENTINELS_CANNOT_TALK' }] });
    expect(read.sentinel).toMatchObject({ master: 'redis-01', quorum: 2 });
    expect(read.sentinel.sentinels.map(({ names, sees }) => `${names} ${sees}`)).toEqual(Array(3).fill('redis-01 0'));

    const startedAt = performance.now();
    const answer = await program.run(['doctor', '--json']);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    const [finding] = doctor.parse(JSON.parse(answer.stdout)).findings;
    expect(finding).toMatchObject({ id: 'SENTINELS_CANNOT_TALK', severity: 'cause' });
    expect(finding?.evidence.join('\n')).toMatch(/redis-0\d → 10\.0\.0\.12\d:26379: -DENIED/);
  });
});

describe('Sentinels that would not fail over', () => {
  it('are ready once they talk', async () => {
    await startSentinels(() => sentinelLines());
    await sentinelsKnowEachOther();
    await finds();
    expect((await program.run(['status'])).stdout).toContain('redis: healthy\n');
  });

  it('have different quorums', async () => {
    await sentinelCli('redis-02', 'SENTINEL', 'SET', 'redis', 'quorum', '3');
    const [lack] = await finds('SENTINEL_SETTINGS_DIFFER');
    expect(lack?.evidence).toEqual(['redis-01: quorum 2', 'redis-02: quorum 3', 'redis-03: quorum 2']);
    await sentinelCli('redis-02', 'SENTINEL', 'SET', 'redis', 'quorum', '2');
  });

  it('have a quorum that cannot be reached', async () => {
    for (const host of SENTINEL_HOSTS) await sentinelCli(host, 'SENTINEL', 'SET', 'redis', 'quorum', '4');
    await finds('SENTINEL_QUORUM_IMPOSSIBLE');
    for (const host of SENTINEL_HOSTS) await sentinelCli(host, 'SENTINEL', 'SET', 'redis', 'quorum', '2');
    await finds();
  });

  it('have a wrong password', async () => {
    await sentinelCli('redis-03', 'SENTINEL', 'SET', 'redis', 'auth-pass', 'not-this-one');
    const [lack] = await finds('SENTINEL_AUTH_FAILED');
    expect(lack?.nodes).toEqual(['redis-03']);
    expect(JSON.stringify(lack)).not.toContain('not-this-one');
    await startSentinel('redis-03', sentinelLines());
    await sentinelsKnowEachOther();
    // The restart gave it a new ID: the old one is a ghost until it is found at the same address.
    await finds();
  });

  it('have only replicas that are never promoted', async () => {
    for (const host of ['redis-02', 'redis-03']) await plainCli(host, 'CONFIG', 'SET', 'replica-priority', '0');
    await finds('SENTINEL_NO_CANDIDATE');
    for (const host of ['redis-02', 'redis-03']) await plainCli(host, 'CONFIG', 'SET', 'replica-priority', '100');
    await finds();
  });

  it('lead to a master that refuses writes, or to an old one that cannot follow', async () => {
    for (const host of SENTINEL_HOSTS) await plainCli(host, 'CONFIG', 'SET', 'min-replicas-to-write', '2');
    await finds('FAILOVER_STOPS_WRITES');
    for (const host of SENTINEL_HOSTS) await plainCli(host, 'CONFIG', 'SET', 'min-replicas-to-write', '0');
    await plainCli('redis-01', 'CONFIG', 'SET', 'masterauth', '');
    await finds('MASTERAUTH_MISSING');
    await plainCli('redis-01', 'CONFIG', 'SET', 'masterauth', PLAIN_PASSWORD);
    await finds();
  });

  it('cannot write their file', async () => {
    await on('redis-02', 'chmod 2550 /etc/redis');
    const [lack] = await finds('SENTINEL_FILE_NOT_WRITABLE');
    expect(lack?.nodes).toEqual(['redis-02']);
    await on('redis-02', 'chmod 2770 /etc/redis');
    await finds();
  });

  it('are kept apart by a firewall', async () => {
    await on('redis-02', 'iptables -A INPUT -p tcp --dport 26379 -s 10.0.0.125 -j DROP');
    const [lack] = await finds('SENTINELS_CANNOT_TALK');
    expect(lack).toMatchObject({
      nodes: ['redis-02'],
      evidence: expect.arrayContaining([expect.stringContaining('redis-03 → 10.0.0.124:26379: silent')]),
    });
    await on('redis-02', 'iptables --flush');
    await finds();
  });

  it('have the same ID twice', async () => {
    const id = await sentinelCli('redis-02', 'SENTINEL', 'MYID');
    await startSentinel('redis-03', [...sentinelLines(), `sentinel myid ${id}`]);
    await expect.poll(codes, { timeout: 40_000 }).toContain('SENTINEL_ID_TWICE');
  });

  it('remember what is gone', async () => {
    const ghosts = [
      `sentinel known-sentinel redis 10.0.0.126 26379 ${'e'.repeat(40)}`,
      'sentinel known-replica redis 10.0.0.126 6379',
    ];
    await startSentinels(() => [...sentinelLines(), ...ghosts]);
    await expect.poll(codes, { timeout: 40_000 }).toEqual(['SENTINEL_GHOST']);
    const [lack] = await lacks();
    expect(lack?.message).toContain('replica 10.0.0.126:6379 and Sentinel 10.0.0.126:26379');
  });

  it('monitor loopback, or use another name', async () => {
    await startSentinels(() => sentinelLines());
    await startSentinel('redis-01', sentinelLines('mymaster'));
    await startSentinel(
      'redis-03',
      sentinelLines().map((line) => line.replace('10.0.0.123', '127.0.0.1')),
    );
    await expect
      .poll(codes, { timeout: 40_000 })
      .toEqual(expect.arrayContaining(['SENTINEL_MONITORS_LOOPBACK', 'SENTINEL_NAMES_DIFFER']));
    await onHost('redis-01', 'systemctl stop redis-sentinel');
  });
});
