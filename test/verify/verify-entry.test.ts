import { describe, expect, it } from 'vitest';
import { RedisopsError } from '../../src/domain/error.ts';
import type { Verification } from '../../src/domain/verification.ts';
import { verifyReached } from '../../src/verify/verify-reached.ts';
import { verify } from '../../src/verify/verify.ts';
import { desiredCluster } from '../apply/fake-nodes.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeCluster, type FakeCluster } from './fake-cluster.ts';

const DESIRED = {
  ...desiredCluster(['redis-01', 'redis-02', 'redis-03']),
  entry: { addresses: [{ host: '10.0.0.120', port: 6379 }] },
};

function failing(code: 'REDIS_UNREACHABLE' | 'REDIS_TIMEOUT' | 'REDIS_CONNECTION_LOST'): RedisopsError {
  return new RedisopsError(code, 'no', { hint: '' });
}

async function verified(change: (cluster: FakeCluster) => void): Promise<Verification> {
  const cluster = fakeCluster();
  change(cluster);
  const seen = await verify(DESIRED, cluster.nodes, fakeClock());
  expect(Object.values(cluster.redis).flatMap(({ data }) => [...data.keys()])).toEqual([]);
  return seen;
}

describe('verifying through the entry', () => {
  it('writes over a connection from each node, and names who answered', async () => {
    const { verdict, entry } = await verified(() => {});
    expect(verdict).toBe('healthy');
    expect(entry).toMatchObject([{ address: '10.0.0.120:6379', nodes: ['redis-01'], connections: 3, writes: 3 }]);
  });

  it.each<[string, FakeCluster['entry']['leadsTo'], string, string, string]>([
    ['a replica', 'redis-02', 'down', 'ENTRY_WRONG_NODE', 'leads to redis-02, which is not the master'],
    [
      'another cluster',
      'stranger',
      'down',
      'ENTRY_WRONG_NODE',
      'leads to a Redis outside the cluster, not to its master',
    ],
    ['nobody', failing('REDIS_UNREACHABLE'), 'down', 'ENTRY_UNREACHABLE', 'refuses connections'],
    ['no server', failing('REDIS_CONNECTION_LOST'), 'down', 'ENTRY_UNREACHABLE', 'no server behind it is up'],
    ['silence', failing('REDIS_TIMEOUT'), 'unknown', 'ENTRY_UNREACHABLE', 'does not answer'],
  ])('that leads to %s', async (_, leadsTo, verdict, code, message) => {
    const seen = await verified(({ entry }) => (entry.leadsTo = leadsTo));
    expect(seen).toMatchObject({ verdict, reasons: [{ code, message: expect.stringContaining(message) }] });
    expect(seen.entry?.[0]?.writes).toBe(0);
  });

  it('costs nothing where Git names no entry', async () => {
    const { nodes, entry } = fakeCluster();
    entry.leadsTo = failing('REDIS_UNREACHABLE');
    const seen = await verify(desiredCluster(['redis-01', 'redis-02', 'redis-03']), nodes, fakeClock());
    expect(seen.verdict).toBe('healthy');
    expect(seen).not.toHaveProperty('entry');
  });

  it.each([
    ['follows after 7 s', 7, 'healthy', 7],
    ['does not follow', 60, 'down', 20],
  ])('after a run, an entry that %s', async (_, followsAfter, verdict, seconds) => {
    const cluster = fakeCluster();
    const clock = fakeClock();
    cluster.entry.leadsTo = 'redis-02';
    const sleep = async (milliseconds: number): Promise<void> => {
      await clock.sleep(milliseconds);
      if (clock.elapsed() >= followsAfter * 1000) cluster.entry.leadsTo = 'redis-01';
    };
    const seen = await verifyReached(DESIRED, cluster.nodes, 0, { ...clock, sleep });
    expect({ verdict: seen.verdict, seconds: Math.floor(clock.elapsed() / 1000) }).toEqual({ verdict, seconds });
  });
});
