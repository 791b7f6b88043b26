import { describe, expect, it } from 'vitest';
import { needsApproval, newNodes } from '../../../src/domain/plan.ts';
import { makePlan, type PlanOptions } from '../../../src/plan/make-plan.ts';
import { bareFacts, desiredCluster, healthy, one, three, two } from '../../builders.ts';

const CONVERGE = { kind: 'converge' } as const;
const desired = desiredCluster();
const bare = desired.nodes.map(bareFacts);
const managed = healthy(desired);
const planOf = (observed: Parameters<typeof makePlan>[2], options: PlanOptions = {}) =>
  makePlan(CONVERGE, desired, observed, options);

describe('a node that redisops would manage for the first time', () => {
  it('needs nobody on bare hosts that Git has long named', () => {
    const known = new Set(desired.nodes.map(({ address }) => address));
    expect(newNodes(planOf(bare))).toEqual([]);
    expect(newNodes(planOf(bare, { known }))).toEqual([]);
    expect(needsApproval(planOf(bare, { known }))).toBe(false);
  });

  it('needs somebody if the commit before did not have it, by address', () => {
    const plan = planOf(bare, { known: new Set([one.address, two.address]) });
    expect(newNodes(plan)).toEqual(['redis-03']);
    expect(needsApproval(plan)).toBe(true);
    expect(newNodes(planOf(bare, { known: new Set() }))).toEqual(['redis-01', 'redis-02', 'redis-03']);
  });

  it('needs somebody beside nodes that redisops manages, whoever asks', () => {
    const plan = planOf([...managed.slice(0, 2), bareFacts(three)]);
    expect(newNodes(plan)).toEqual(['redis-03']);
    expect(needsApproval(plan)).toBe(true);
  });

  it('is not asked about again in the middle of its run, or once it is managed', () => {
    expect(newNodes(planOf([...managed.slice(0, 2), bareFacts(three)], { begun: true }))).toEqual([]);
    expect(newNodes(planOf(managed, { known: new Set() }))).toEqual([]);
  });

  it('leaves the digest alone: the steps are the same', () => {
    expect(planOf(bare, { known: new Set() }).digest).toBe(planOf(bare).digest);
  });
});
