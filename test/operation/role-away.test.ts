import { expect, it } from 'vitest';
import { roleAway } from '../../src/operation/role-away.ts';
import { desiredCluster, healthy, HISTORY } from '../builders.ts';

const cluster = { ...desiredCluster(), nominatedMaster: 'redis-02' };

function noted(node: string, replicationId: string) {
  return healthy(desiredCluster(), { 'redis-01': { host: { masterHome: { node, replicationId } } } });
}

it.each([
  [HISTORY, '`apply` hands it back to redis-02.'],
  ['f'.repeat(40), '`redisops failover redis-02` moves it back.'],
])('is said with what brings it home', (history, expected) => {
  expect(roleAway(cluster, noted('redis-02', history))).toMatchObject([
    { code: 'ROLE_AWAY', node: 'redis-01', message: expect.stringContaining(expected) },
  ]);
});

it('is nothing where no run noted it', () => {
  expect(roleAway(cluster, healthy(desiredCluster()))).toEqual([]);
  expect(roleAway(cluster, noted('redis-01', HISTORY))).toEqual([]);
});
