import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import type { RunEvent } from '../../src/domain/run/event.ts';
import { execute, propose, type Execution } from '../../src/operation.ts';
import { eventLine } from '../../src/report/run/event-line.ts';
import { runReport } from '../../src/report/run/run-report.ts';
import { verify } from '../../src/verify/verify.ts';
import {
  CONVERGE,
  bringUp,
  infoField,
  kindsOf,
  openLabCluster,
  planFor,
  redisCli,
  underWriter,
  type LabCluster,
  testRun,
} from './lab-cluster.ts';
import { realClock } from '../../src/time/real-clock.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 0'];
const FILES = 'cat /etc/redis/redis.conf /etc/systemd/system/redis-server.service.d/override.conf';
/** Redis ends at its start where the folder is not there. */
const SOCKET = ['redis_maxmemory: 300mb', ...QUICK, '  unixsocket: /data/redis/sockets/redis.sock'];

/** The whole line from the plan on, as bot and command line go it, where a step fails. */
describe('restoring nodes left half done by a failed run', () => {
  let lab: LabCluster;
  let events: RunEvent[];
  let before: ReadonlyMap<string, string>;

  beforeEach(async () => {
    await resetHosts();
    lab = await openLabCluster();
    await bringUp(await lab.asks({ variables: QUICK }), lab.nodes);
    await redisCli('redis-01', 'SET', 'kept', 'yes');
    before = await filesOf();
  });

  afterEach(() => lab.close());

  async function changeTo(variables: readonly string[]): Promise<Execution> {
    await lab.asks({ variables });
    const ports = { nodes: lab.nodes, clock: realClock };
    const { plan } = await propose(CONVERGE, checkout(lab.path), undefined, ports);
    expect(plan.blockers).toEqual([]);
    events = [];
    return execute(plan, checkout(lab.path), testRun({ emit: (event) => events.push(event) }), ports);
  }

  async function expectAsBefore(): Promise<void> {
    expect(await filesOf()).toEqual(before);
    const desired = await lab.asks({ variables: QUICK });
    expect(kindsOf(await planFor(CONVERGE, desired, lab.nodes))).toEqual([]);
    expect(await verify(desired, lab.nodes)).toMatchObject({ verdict: 'healthy', master: 'redis-01' });
    expect(await redisCli('redis-02', 'GET', 'kept')).toBe('yes');
  }

  it('a replica that does not start with its new file runs by the old one again', async () => {
    const others = await Promise.all(['redis-01', 'redis-03'].map((host) => infoField(host, 'run_id')));
    const figures = await underWriter(async () => {
      const { result, observed } = await changeTo(SOCKET);
      expect(result).toMatchObject({ outcome: 'failed', putBack: { nodes: ['redis-02'], failure: null } });
      expect(result.message).toMatch(/^redis-02: .* redis-02 was restored\.$/s);
      const report = JSON.stringify(runReport(result, observed));
      expect(report).toMatch(/redis-02: failed at step \d of \d, restored; [^"]*replica/);
      expect(report).toMatch(/redis-03: untouched/);
    });
    expect(figures).toMatchObject({ lost: 0, refused: 0 });
    expect(events.map(eventLine)).toContain('Restoring redis-02.');
    expect(await Promise.all(['redis-01', 'redis-03'].map((host) => infoField(host, 'run_id')))).toEqual(others);
    await expectAsBefore();
  });

  it('a CONFIG SET that Redis refuses leaves neither file behind', async () => {
    // Without the capability for it, a process may not lower its own score.
    const { result } = await changeTo([
      ...QUICK,
      '  oom-score-adj: absolute',
      '  oom-score-adj-values: -900 -900 -900',
    ]);
    expect(result).toMatchObject({ outcome: 'failed', code: 'REDIS_ERROR', putBack: { failure: null } });
    await expectAsBefore();
  });

  it('a node whose Redis was not running before is left alone', async () => {
    await resetHosts();
    const { result } = await changeTo(SOCKET);
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(result.putBack).toBeUndefined();
    expect(events.map(({ kind }) => kind)).not.toContain('putting-back');
    const { stdout } = await onHost(
      'redis-01',
      'systemctl is-active redis-server; grep -c unixsocket /etc/redis/redis.conf',
    );
    expect(stdout).toMatch(/^(?:failed|inactive|activating)\n1\n/);
  });

  it('the role returns to a master that does not start with its new file', async () => {
    for (const host of ['redis-02', 'redis-03'])
      expect((await onHost(host, 'install -d -o redis -g redis /data/redis/sockets')).code).toBe(0);
    const figures = await underWriter(async () => {
      const { result } = await changeTo(SOCKET);
      expect(result).toMatchObject({ outcome: 'failed', putBack: { failure: null } });
      expect(result.putBack?.nodes).toEqual(['redis-01']);
      expect(result.message).toMatch(/^redis-01: /);
    });
    expect(figures).toMatchObject({ lost: 0 });
    const now = await filesOf();
    expect(now.get('redis-01')).toBe(before.get('redis-01'));
    expect(now.get('redis-02')).toContain('unixsocket');
    expect(await redisCli('redis-02', 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n314572800');
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n0');
    expect(await verify(await lab.asks({ variables: QUICK }), lab.nodes)).toMatchObject({
      verdict: 'healthy',
      master: 'redis-01',
    });
  });
});

async function filesOf(): Promise<ReadonlyMap<string, string>> {
  const texts = await Promise.all(HOSTS.map(async (host) => [host, (await onHost(host, FILES)).stdout] as const));
  return new Map(texts);
}
