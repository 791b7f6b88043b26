import { describe, expect, it } from 'vitest';
import type { Goal } from '../../../src/domain/goal.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { desiredCluster, healthy } from '../../builders.ts';

const cluster = desiredCluster();
const DRILL: Goal = { kind: 'drill', scenario: 'planned' };

describe('a drill', () => {
  it('moves the role there, and back, with an approval', () => {
    const { waves, blockers, candidates } = makePlan(DRILL, cluster, healthy(cluster));
    expect(blockers).toEqual([]);
    const moves = waves.flatMap(({ actions }) => actions.filter(({ kind }) => kind === 'hand-over'));
    expect(moves).toMatchObject([
      { node: 'redis-01', to: { name: 'redis-02' }, home: 'redis-01', disruptive: true },
      { node: 'redis-02', to: { name: 'redis-01' } },
    ]);
    expect(moves[1]).not.toHaveProperty('home');
    expect(candidates?.map(({ isCandidate }) => isCandidate)).toEqual([false, true, true]);
  });

  it('waits for the old master before the way back', () => {
    const kinds = makePlan(DRILL, cluster, healthy(cluster)).waves.flatMap(({ actions }) =>
      actions.map(({ kind }) => kind),
    );
    expect(kinds.indexOf('await-link')).toBeGreaterThan(kinds.indexOf('hand-over'));
    expect(kinds.indexOf('await-link')).toBeLessThan(kinds.lastIndexOf('hand-over'));
  });

  it('is refused where nobody could take over', () => {
    const alone = { ...cluster, nodes: cluster.nodes.slice(0, 1) };
    const { waves, blockers } = makePlan(DRILL, alone, healthy(alone));
    expect(waves).toEqual([]);
    expect(blockers).toMatchObject([{ code: 'NO_CANDIDATE' }]);
  });
});
