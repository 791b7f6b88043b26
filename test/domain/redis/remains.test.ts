import { describe, expect, it } from 'vitest';
import { asideOf, holdsData, persistenceSettings, useOf } from '../../../src/domain/redis/remains.ts';

describe('what Redis uses', () => {
  it.each([
    ['dump.rdb', {}, true],
    ['dump.rdb', { save: '' }, false],
    ['other.rdb', {}, false],
    ['other.rdb', { dbfilename: 'other.rdb' }, true],
    ['mine/dump.rdb', {}, false],
    ['appendonlydir/x', {}, false],
    ['appendonlydir/x', { appendonly: 'YES' }, true],
    ['appendonlydirx/x', { appendonly: 'yes' }, false],
    ['log/x', { appendonly: 'yes', appenddirname: 'log' }, true],
    ['appendonly.aof', { appendonly: 'yes', save: '' }, true],
    ['dump.rdb', { appendonly: 'yes', save: '' }, false],
  ])('%s with %j: %s', (path, values, used) => {
    expect(useOf(path, persistenceSettings(new Map(Object.entries(values)))) !== null).toBe(used);
  });
});

it.each([
  ['dump.rdb', 100, null, true],
  ['dump.rdb', 100, 0, false],
  ['dump.rdb', 0, null, false],
  ['appendonlydir/appendonly.aof.manifest', 88, null, false],
])('%s with %i bytes and %s keys may hold data: %s', (path, bytes, keys, expected) => {
  expect(holdsData({ path, bytes, keys })).toBe(expected);
});

it.each([
  ['quarantine-redisops-ab/appendonlydir/x', { folder: 'quarantine-redisops-ab', original: 'appendonlydir/x' }],
  ['quarantine-redisops-ab', { folder: 'quarantine-redisops-ab', original: '' }],
  ['quarantine-2025/x', null],
])('%s is a purge’s: %j', (path, expected) => {
  expect(asideOf(path)).toEqual(expected);
});
