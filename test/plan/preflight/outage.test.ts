import { describe, expect, it } from 'vitest';
import { desiredCluster, healthy } from '../../builders.ts';
import { sentinel } from '../../sentinels.ts';
import { planOf } from '../look.ts';

const before = desiredCluster();
const restarting = desiredCluster({ lines: ['databases 32'] });

function outageOf(desired: typeof restarting, datasetBytes = 1_000_000): string | undefined {
  const seen = healthy(before, { 'redis-01': { redis: { datasetBytes } } });
  return planOf(desired, seen).risks.find(({ message }) => message.includes('fixed address'))?.message;
}

describe('the outage that a plan expects', () => {
  it('is told for both kinds of client', () => {
    expect(outageOf(restarting)).toBe(
      'Clients that follow the master’s role wait for a few milliseconds. Clients with redis-01’s fixed address are refused for about 1.0 s (READONLY, then no connection).',
    );
  });

  it('is longer where Sentinel moves the role', () => {
    const seen = healthy(before).map((facts) =>
      facts.reachable ? { ...facts, sentinel: sentinel(facts.name) } : facts,
    );
    const told = planOf(restarting, seen).risks.find(({ message }) => message.includes('fixed address'))?.message;
    expect(told).toContain('wait for about 0.3 s');
    expect(told).toContain('are refused for about 10 s');
  });

  it('grows with what has to be loaded', () => {
    expect(outageOf(restarting, 500_000_000)).toContain('about 1.0 s, up to 11 s while it loads');
  });

  it('does not end where the role stays elsewhere', () => {
    const stays = { ...restarting, policy: { ...restarting.policy, handBack: false as const } };
    expect(outageOf(stays)).toContain('are refused from then on');
  });

  it('is none where the master is left alone', () => {
    expect(outageOf(desiredCluster({ lines: ['maxmemory 300mb'] }))).toBeUndefined();
  });
});
