import { describe, expect, it } from 'vitest';
import type { Code } from '../../src/domain/code.ts';
import { RedisopsError } from '../../src/domain/error.ts';
import { verifyReached } from '../../src/verify/verify-reached.ts';
import { desiredCluster } from '../apply/fake-nodes.ts';
import { fakeCluster } from './fake-cluster.ts';
import { fakeClock } from '../fake-clock.ts';

const DESIRED = desiredCluster(['redis-01', 'redis-02', 'redis-03']);

function away(code: Code): RedisopsError {
  return new RedisopsError(code, 'no', { hint: '' });
}

/** Verifies for ten seconds. redis-02 fails so, then the next way, a second each. */
async function verified(...fails: readonly (Code | null)[]) {
  const { nodes, redis } = fakeCluster();
  const clock = fakeClock();
  const look = (): void => {
    const code = fails[Math.min(Math.floor(clock.elapsed() / 1000), fails.length - 1)] ?? null;
    if (redis['redis-02']) redis['redis-02'].fails = code && away(code);
  };
  look();
  const sleep = async (milliseconds: number): Promise<void> => {
    await clock.sleep(milliseconds);
    look();
  };
  const { verdict } = await verifyReached(DESIRED, nodes, 10_000, { ...clock, sleep });
  return { verdict, seconds: Math.floor(clock.elapsed() / 1000) };
}

describe('verifying while a node is away', () => {
  it.each<[string, readonly (Code | null)[], string, number]>([
    ['healthy: at once', [null], 'healthy', 0],
    ['a host that boots: connection, then Redis', ['REDIS_CONNECTION_LOST', 'REDIS_UNREACHABLE', null], 'healthy', 2],
    ['a Redis that its unit starts again', ['REDIS_UNREACHABLE', null], 'healthy', 1],
    ['gone for good: not for ever', ['SSH_UNREACHABLE'], 'unknown', 10],
    ['what does not pass is not waited for', ['REDIS_AUTH_FAILED', null], 'unknown', 0],
  ])('%s', async (_, fails, verdict, seconds) => {
    expect(await verified(...fails)).toEqual({ verdict, seconds });
  });
});
