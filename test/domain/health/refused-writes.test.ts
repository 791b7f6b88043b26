import { describe, expect, it } from 'vitest';
import type { RedisUp } from '../../../src/domain/facts.ts';
import { refusedWrites } from '../../../src/domain/health/refused-writes.ts';
import { configurationOf, desiredNode, redis } from '../../builders.ts';

const one = desiredNode('redis-01');
const FINE = { rdbLastSaveOk: true, rdbSaveInProgress: false, aofEnabled: false, aofLastWriteOk: true };
const failed = { persistence: { ...FINE, rdbLastSaveOk: false } };
const FAILED_APPEND = { ...FINE, aofEnabled: true, aofLastWriteOk: false };
const MEBIBYTE = 1_048_576;
const configuration = (change: Readonly<Record<string, string>>) =>
  new Map([...configurationOf(one.redisConf.content), ...Object.entries(change)]);
const full = (policy: string, more: Partial<RedisUp> = {}): Partial<RedisUp> => ({
  countedMemoryBytes: 3 * MEBIBYTE,
  configuration: configuration({ maxmemory: String(3 * MEBIBYTE), 'maxmemory-policy': policy }),
  ...more,
});
const needs = (replicas: number) => configuration({ 'min-replicas-to-write': String(replicas) });

describe('a master that refuses writes', () => {
  it.each<readonly [string, Partial<RedisUp>, readonly string[]]>([
    [
      'setting, save point and failed save',
      { ...failed, configuration: configuration({ save: '900 1' }) },
      ['MISCONF'],
    ],
    ['no save point', { ...failed }, []],
    [
      'the setting is off',
      { ...failed, configuration: configuration({ save: '900 1', 'stop-writes-on-bgsave-error': 'no' }) },
      [],
    ],
    ['the save went well', { configuration: configuration({ save: '900 1' }) }, []],
    ['a replica', { ...failed, role: 'replica', configuration: configuration({ save: '900 1' }) }, []],
    ['nothing is known of the settings', { ...failed, configuration: new Map() }, []],
    ['a failed append', { persistence: FAILED_APPEND }, ['MISCONF']],
    ['appending is off', { persistence: { ...FAILED_APPEND, aofEnabled: false } }, []],
    ['a replica that cannot append', { persistence: FAILED_APPEND, role: 'replica' }, []],
    ['full, and nothing is evicted', full('noeviction'), ['OOM']],
    ['full, and keys are evicted', full('allkeys-lru'), []],
    ['full, and no key expires', full('volatile-lru', { expiringKeys: 0 }), ['OOM']],
    ['full, and some keys expire', full('volatile-lru', { expiringKeys: 5 }), []],
    ['half full', full('noeviction', { countedMemoryBytes: MEBIBYTE }), []],
    ['without a limit', { countedMemoryBytes: 3 * MEBIBYTE, configuration: configuration({ maxmemory: '0' }) }, []],
    ['a full replica', full('noeviction', { role: 'replica' }), []],
    ['too few replicas', { goodReplicas: 1, configuration: needs(2) }, ['NOREPLICAS']],
    ['enough replicas', { goodReplicas: 2, configuration: needs(2) }, []],
  ])('%s', (_, change, replies) => {
    expect(refusedWrites(redis(one, change)).map(({ reply }) => reply)).toEqual(replies);
  });
});
