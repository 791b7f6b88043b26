import { expect, it } from 'vitest';
import { notesOf } from '../../src/operation/notes.ts';
import { desiredCluster, healthy, HISTORY } from '../builders.ts';

const cluster = { ...desiredCluster(), nominatedMaster: 'redis-02' };

function noted(node: string, replicationId: string) {
  return healthy(desiredCluster(), { 'redis-01': { host: { masterHome: { node, replicationId } } } });
}

it.each([
  [HISTORY, '`apply` hands it back to redis-02.'],
  ['f'.repeat(40), '`redisops failover redis-02` moves it back.'],
])('is said with what brings it home', (history, expected) => {
  expect(notesOf(cluster, noted('redis-02', history))).toMatchObject([
    { code: 'ROLE_AWAY', node: 'redis-01', message: expect.stringContaining(expected) },
  ]);
});

it('is nothing where no run noted it', () => {
  expect(notesOf(cluster, healthy(desiredCluster()))).toEqual([]);
  expect(notesOf(cluster, noted('redis-01', HISTORY))).toEqual([]);
});

it('is who drained a node, and what ends that', () => {
  const nodes = desiredCluster().nodes.map((node) =>
    node.name === 'redis-03'
      ? { ...node, drained: { at: '2025-12-03T14:05:00.000Z', by: 'anna', line: null, running: '100' } }
      : node,
  );
  expect(notesOf({ ...desiredCluster(), nodes }, healthy(desiredCluster()))).toMatchObject([
    { code: 'NODE_DRAINED', node: 'redis-03', message: expect.stringContaining('`undrain redis-03` ends that') },
  ]);
});
