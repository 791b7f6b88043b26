import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/domain/plan.ts';
import { desiredCluster, masterFacts, one, replicaFacts, three, two } from '../../builders.ts';
import { planOf } from '../look.ts';

/** A plan for a master that asks for so many replicas and has so many in sync. */
function plan(lines: readonly string[], needed: number, goodReplicas: number): Plan {
  const configuration = new Map([
    ['databases', '16'],
    ['min-replicas-to-write', String(needed)],
  ]);
  return planOf(desiredCluster({ lines: [...lines, `min-replicas-to-write ${needed}`] }), [
    masterFacts(one, { redis: { goodReplicas, configuration } }),
    replicaFacts(two),
    replicaFacts(three),
  ]);
}

const restarts = ['databases 32'];

describe('min-replicas-to-write', () => {
  it.each<[string, Plan, number]>([
    ['that leaves no replica to spare, where all restart', plan(restarts, 2, 2), 1],
    ['that leaves one to spare', plan(restarts, 1, 2), 0],
    ['of none', plan(restarts, 0, 2), 0],
    ['where nothing restarts', plan([], 2, 2), 0],
  ])('%s', (_, { risks }, count) => {
    const refused = risks.filter(({ code }) => code === 'WRITES_REFUSED');
    expect(refused).toHaveLength(count);
    for (const { message } of refused) expect(message).toContain('min-replicas-to-write is 2, and redis-01 has 2.');
  });
});
