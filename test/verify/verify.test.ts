import { describe, expect, it } from 'vitest';
import { RedisopsError } from '../../src/domain/error.ts';
import { verify } from '../../src/verify/verify.ts';
import { desiredCluster } from '../apply/fake-nodes.ts';
import { fakeCluster, type FakeRedis } from './fake-cluster.ts';
import { fakeClock } from '../fake-clock.ts';

const DESIRED = desiredCluster(['redis-01', 'redis-02', 'redis-03']);

async function verified(changes: Record<string, Partial<FakeRedis>> = {}, replication = true) {
  const cluster = fakeCluster(changes);
  const verification = await verify({ ...DESIRED, replication }, cluster.nodes, fakeClock());
  return { ...cluster, verification, reasons: verification.reasons.map(({ code, node }) => `${code} ${node ?? '-'}`) };
}

function failing(code: 'SSH_UNREACHABLE' | 'REDIS_UNREACHABLE' | 'REDIS_AUTH_FAILED' | 'REDIS_TIMEOUT') {
  return { fails: new RedisopsError(code, 'no', { hint: '' }) };
}

describe('verify', () => {
  it('finds a healthy cluster healthy, and leaves no key', async () => {
    const { verification, redis, closed } = await verified();
    expect(verification).toMatchObject({
      verdict: 'healthy',
      reasons: [],
      master: 'redis-01',
      acknowledged: 2,
      expected: 2,
    });
    expect(verification.replicas).toEqual(
      ['redis-02', 'redis-03'].map((name) => ({
        name,
        value: expect.stringMatching(/^[0-9a-f]{32}$/),
        matches: true,
        latencyMs: 0,
        offsetLag: 0,
        refusedWrite: true,
      })),
    );
    expect(Object.values(redis).map(({ data }) => data.size)).toEqual([0, 0, 0]);
    expect(closed.toSorted()).toEqual(['redis-01', 'redis-02', 'redis-03']);
  });

  it('writes another key and another value each time', async () => {
    const [one, other] = [await verified(), await verified()];
    expect(one.verification.key).not.toBe(other.verification.key);
    expect(one.verification.replicas[0]?.value).not.toBe(other.verification.replicas[0]?.value);
  });

  it.each<[string, Record<string, Partial<FakeRedis>>, string, readonly string[]]>([
    [
      'link down',
      { 'redis-02': { linkUp: false, receives: false } },
      'degraded',
      ['REPLICA_LINK_DOWN redis-02', 'PROBE_FAILED redis-02'],
    ],
    ['master silent for long', { 'redis-02': { lastIo: 16 } }, 'degraded', ['REPLICA_LAGS redis-02']],
    ['never heard the master', { 'redis-02': { lastIo: -1 } }, 'degraded', ['REPLICA_LAGS redis-02']],
    ['follows another', { 'redis-03': { follows: '10.0.0.2' } }, 'degraded', ['REPLICA_LINK_DOWN redis-03']],
    ['not listed by the master', { 'redis-03': { seenAs: null } }, 'degraded', ['REPLICA_NOT_SEEN redis-03']],
    ['listed as waiting', { 'redis-03': { seenAs: 'wait_bgsave' } }, 'degraded', ['REPLICA_NOT_SEEN redis-03']],
    ['another history', { 'redis-03': { replicationId: 'b' } }, 'degraded', ['REPLICATION_ID_DIFFERS redis-03']],
    [
      'up at both ends, but nothing arrives',
      { 'redis-03': { receives: false } },
      'degraded',
      ['PROBE_FAILED redis-03'],
    ],
    ['takes writes', { 'redis-02': { readOnly: false } }, 'degraded', ['REPLICA_ACCEPTS_WRITES redis-02']],
    ['Redis down', { 'redis-02': failing('REDIS_UNREACHABLE') }, 'degraded', ['REDIS_UNREACHABLE redis-02']],
    ['host gone', { 'redis-02': failing('SSH_UNREACHABLE') }, 'unknown', ['SSH_UNREACHABLE redis-02']],
    ['wrong password', { 'redis-02': failing('REDIS_AUTH_FAILED') }, 'unknown', ['REDIS_AUTH_FAILED redis-02']],
    ['hung', { 'redis-02': failing('REDIS_TIMEOUT') }, 'unknown', ['REDIS_TIMEOUT redis-02']],
    ['two masters', { 'redis-02': { role: 'master' } }, 'down', ['MASTER_AMBIGUOUS -']],
    ['no master', { 'redis-01': { role: 'replica' } }, 'down', ['MASTER_UNKNOWN -']],
    [
      'the master gone',
      { 'redis-01': failing('SSH_UNREACHABLE') },
      'unknown',
      ['SSH_UNREACHABLE redis-01', 'MASTER_UNKNOWN -'],
    ],
    [
      'writes refused',
      { 'redis-01': { refusesWrites: 'MISCONF Redis is configured to save RDB snapshots' } },
      'down',
      ['WRITES_REFUSED redis-01'],
    ],
  ])('%s', async (_, changes, verdict, expected) => {
    const { verification, reasons } = await verified(changes);
    expect(verification.verdict).toBe(verdict);
    expect(reasons).toEqual(expected);
  });

  it('quotes Redis if writes are refused', async () => {
    const { verification } = await verified({ 'redis-01': { refusesWrites: 'NOREPLICAS Not enough good replicas' } });
    expect(verification.reasons[0]?.message).toContain('NOREPLICAS Not enough good replicas');
    expect(verification.replicas.map(({ matches }) => matches)).toEqual([false, false]);
  });

  it('probes those that it can read, beside one that it cannot', async () => {
    const { verification } = await verified({ 'redis-03': failing('SSH_UNREACHABLE') });
    expect(verification.replicas.map(({ name, matches }) => [name, matches])).toEqual([
      ['redis-02', true],
      ['redis-03', false],
    ]);
    expect(verification.replicas.map(({ refusedWrite }) => refusedWrite)).toEqual([true, null]);
  });

  it('waits a moment for a replica that is listed late', async () => {
    const cluster = fakeCluster({ 'redis-03': { seenAs: 'send_bulk' } });
    const clock = fakeClock();
    const late = {
      ...clock,
      sleep: (milliseconds: number) => {
        if (clock.elapsed() > 300 && cluster.redis['redis-03']) cluster.redis['redis-03'].seenAs = 'online';
        return clock.sleep(milliseconds);
      },
    };
    expect((await verify(DESIRED, cluster.nodes, late)).verdict).toBe('healthy');
  });

  it('probes each node separately without replication', async () => {
    const alone = { 'redis-02': { role: 'master' }, 'redis-03': { role: 'master' } } as const;
    const { verification, redis } = await verified(alone, false);
    expect(verification).toMatchObject({ verdict: 'healthy', master: 'redis-01', expected: 0, replicas: [] });
    expect(Object.values(redis).map(({ data }) => data.size)).toEqual([0, 0, 0]);
    const readOnly = await verified({ 'redis-03': { role: 'master' } }, false);
    expect(readOnly.reasons).toEqual(['WRITES_REFUSED redis-02']);
  });
});
