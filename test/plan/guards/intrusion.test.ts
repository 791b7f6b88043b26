import { describe, expect, it } from 'vitest';
import type { Goal } from '../../../src/domain/goal.ts';
import { driftOf } from '../../../src/plan/drift/drift.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { cluster, configurationOf, desiredCluster, healthy, link, three } from '../../builders.ts';

const configuration = new Map([...configurationOf(three.redisConf.content), ['dir', '/etc']]);
const GOALS: readonly Goal[] = [
  { kind: 'converge' },
  { kind: 'rollback', revision: 'c0ffee', of: 'a run' } as Goal,
  { kind: 'resync', node: 'redis-02' },
  { kind: 'resync', node: 'redis-03' },
  { kind: 'purge' },
  { kind: 'purge', node: 'redis-02' },
];

describe('a node that may have been broken into', () => {
  it.each(GOALS)('blocks $kind first, also once it has begun', (goal) => {
    const seen = healthy(cluster, { 'redis-03': { redis: { configuration } } });
    for (const begun of [false, true])
      expect(makePlan(goal, cluster, seen, { begun }).blockers[0]).toMatchObject({
        code: 'INTRUSION_SUSPECTED',
        node: 'redis-03',
        message: 'redis-03 may have been broken into: it saves its data in /etc.',
      });
  });

  it('gets no advice that would mend it', () => {
    const foreign = link({ host: '203.0.113.9', up: false, state: 'connecting' });
    const seen = healthy(cluster, { 'redis-03': { redis: { master: foreign } } });
    const { blockers } = makePlan({ kind: 'converge' }, cluster, seen);
    const others = blockers.filter(({ code, node }) => code !== 'INTRUSION_SUSPECTED' && node === 'redis-03');
    for (const { hint } of others) expect(hint).toBe('Settle INTRUSION_SUSPECTED on this node first.');
  });

  it('is not corrected by the drift watch', () => {
    const seen = healthy(cluster, { 'redis-03': { redis: { configuration } } });
    const { drifts, obstacles } = driftOf(desiredCluster({ lines: ['maxmemory 300mb'] }), seen);
    expect(drifts).not.toEqual([]);
    expect(obstacles[0]).toMatch(/redis-03 may have been broken into/);
  });
});
