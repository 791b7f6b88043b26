import { expect, it } from 'vitest';
import { masterHomeFact } from '../../../src/observed/facts/master-home.ts';

const ID = '1f2e'.repeat(10);

it.each([
  [`redis-01 ${ID}\n`, { node: 'redis-01', replicationId: ID }],
  [`redis-02 ${ID} over redis-01 redis-03\n`, { node: 'redis-02', replicationId: ID, over: ['redis-01', 'redis-03'] }],
  [`redis-02 ${ID} over\n`, null],
  ['', null],
  ['redis-01\n', null],
  [`redis-01 ${ID} more\n`, null],
  [`redis-01 ${ID.slice(1)}\n`, null],
])('reads %j', (stdout, expected) => {
  expect(masterHomeFact.parse(stdout)).toEqual(expected);
});
