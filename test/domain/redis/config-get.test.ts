import { expect, it } from 'vitest';
import { settingsIn } from '../../../src/domain/redis/config-get.ts';

it('is names and values in turn', () => {
  expect([...settingsIn(['save', '', 'dir', '/data/redis'])]).toEqual([
    ['save', ''],
    ['dir', '/data/redis'],
  ]);
  expect([...settingsIn([])]).toEqual([]);
});

it.each(['OK', null, 7, ['save'], ['save', null], [['save', '']]])('is nothing else: %j', (reply) => {
  expect(() => settingsIn(reply)).toThrow(expect.objectContaining({ code: 'REDIS_ERROR' }));
});
