import { expect, it } from 'vitest';
import { masterHomeFact } from '../../../src/observed/facts/master-home.ts';

const ID = '1f2e'.repeat(10);

it.each([
  [`redis-01 ${ID}\n`, { node: 'redis-01', replicationId: ID }],
  ['', null],
  ['redis-01\n', null],
  [`redis-01 ${ID} more\n`, null],
  [`redis-01 ${ID.slice(1)}\n`, null],
])('reads %j', (stdout, expected) => {
  expect(masterHomeFact.parse(stdout)).toEqual(expected);
});
