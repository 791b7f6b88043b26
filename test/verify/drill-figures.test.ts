import { describe, expect, it } from 'vitest';
import { drillFigures } from '../../src/verify/drill-figures.ts';
import { desiredCluster, healthy } from '../builders.ts';

const cluster = desiredCluster();

describe('drillFigures', () => {
  it('counts what the nodes counted meanwhile', () => {
    const before = healthy(cluster);
    const after = healthy(cluster, {
      'redis-01': { redis: { syncs: { full: 1, partialOk: 5, partialErr: 0 } } },
      'redis-02': { redis: { syncs: { full: 0, partialOk: 3, partialErr: 0 }, processId: 99 } },
    });
    const was = before.flatMap((facts) => (facts.reachable && facts.redis.state === 'up' ? [facts.redis.syncs] : []));
    const { syncs, nodes } = drillFigures(before, after);
    expect(nodes.map(({ name }) => name)).toEqual(['redis-01', 'redis-02', 'redis-03']);
    // A process that restarted counts from zero.
    expect(syncs).toEqual({ full: 1 - (was[0]?.full ?? 0), partial: 5 - (was[0]?.partialOk ?? 0) + 3 });
  });

  it('leaves out what was not read', () => {
    expect(drillFigures([], healthy(cluster))).toEqual({ syncs: { full: 0, partial: 0 }, nodes: [] });
  });
});
