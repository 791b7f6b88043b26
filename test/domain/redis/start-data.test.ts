import { describe, expect, it } from 'vitest';
import { growsOld, startData, upkeepOf } from '../../../src/domain/redis/start-data.ts';

type Values = Readonly<Record<string, string>>;
const settings = (values: Values) => new Map(Object.entries({ save: '', ...values }));

describe('what a start loads', () => {
  it.each<readonly [Values, string, string, readonly string[]]>([
    [{}, 'snapshot', '/data/redis', ['dump.rdb']],
    [{ dir: '/srv/', dbfilename: 'x.rdb' }, 'snapshot', '/srv', ['x.rdb']],
    [{ appendonly: 'YES' }, 'append-only file', '/data/redis', ['appendonlydir', 'appendonly.aof']],
    [{ appendonly: 'yes', appenddirname: 'log' }, 'append-only file', '/data/redis', ['log', 'appendonly.aof']],
  ])('with %j: %s', (values, kind, folder, names) => {
    expect(startData(settings(values), '/data/redis')).toEqual({ kind, folder, names });
  });

  it('is nothing without a file name', () => {
    expect(startData(settings({ dbfilename: '' }), '/data/redis')).toBeNull();
  });
});

describe('who brings it up to date', () => {
  it.each<readonly [string, Values, Values, string]>([
    ['a save, without save points', {}, {}, 'save'],
    ['Redis, with save points', { save: '900 1' }, {}, 'redis'],
    ['Redis, where SIGTERM saves', { 'shutdown-on-sigterm': 'save force' }, {}, 'redis'],
    ['a save, where SIGTERM does not', { save: '900 1', 'shutdown-on-sigterm': 'nosave' }, {}, 'save'],
    ['nobody, for another file', {}, { dbfilename: 'other.rdb' }, 'nobody'],
    ['Redis, which appends', { appendonly: 'yes' }, { appendonly: 'yes' }, 'redis'],
    ['nobody, for append-only files of an earlier time', {}, { appendonly: 'yes' }, 'nobody'],
    ['nobody, for other ones', { appendonly: 'yes' }, { appendonly: 'yes', appenddirname: 'x' }, 'nobody'],
    ['a save, where appending ends', { appendonly: 'yes' }, {}, 'save'],
  ])('%s', (_, running, next, expected) => {
    expect(upkeepOf(settings(running), settings(next), true)).toBe(expected);
  });

  it('is nobody in another folder', () => {
    expect(upkeepOf(settings({ save: '900 1' }), settings({}), false)).toBe('nobody');
  });
});

it.each<readonly [Values, boolean]>([
  [{}, true],
  [{ save: '900 1' }, false],
  [{ appendonly: 'yes' }, false],
  [{ 'shutdown-on-sigterm': 'save' }, false],
  [{ save: '900 1', 'shutdown-on-sigterm': 'nosave' }, true],
])('%j: nobody keeps the file up to date afterwards: %s', (values, expected) => {
  expect(growsOld(settings(values))).toBe(expected);
});
