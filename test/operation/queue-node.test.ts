import { describe, expect, it } from 'vitest';
import { queueBlockers } from '../../src/operation/queue-node.ts';
import { desiredCluster, healthy } from '../builders.ts';

const nodes = healthy(desiredCluster());

describe('a queue in the Redis of a node', () => {
  it('blocks every plan, by the run ID, whatever its address is called', async () => {
    const runId = 'redis-02'.padEnd(40, '0');
    expect(await queueBlockers(nodes, { queueRunId: () => Promise.resolve(runId) })).toMatchObject([
      { code: 'QUEUE_ON_NODE', node: 'redis-02' },
    ]);
  });

  it.each<readonly [string, () => Promise<string | null>]>([
    ['another Redis', () => Promise.resolve('f'.repeat(40))],
    ['a Redis of its own', () => Promise.resolve(null)],
    ['one that does not answer', () => Promise.reject(new Error('gone'))],
  ])('is not %s', async (_, queueRunId) => {
    expect(await queueBlockers(nodes, { queueRunId })).toEqual([]);
  });

  it('is none of the command line, which has no queue', async () => {
    expect(await queueBlockers(nodes, {})).toEqual([]);
  });
});
