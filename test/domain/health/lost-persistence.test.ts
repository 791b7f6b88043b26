import { describe, expect, it } from 'vitest';
import type { RedisUp } from '../../../src/domain/facts.ts';
import { lostPersistence } from '../../../src/domain/health/lost-persistence.ts';
import { cluster, desiredCluster, desiredNode, healthy } from '../../builders.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';

const FINE = { rdbLastSaveOk: true, rdbSaveInProgress: false, aofEnabled: false, aofLastWriteOk: true };

function losses(lines: readonly string[], change: Partial<RedisUp>, name = 'redis-02'): readonly string[] {
  const nodes = ['redis-01', 'redis-02', 'redis-03'].map((each) => {
    const node = desiredNode(each);
    return {
      ...node,
      redisConf: { ...node.redisConf, content: RedisConf.parse(new SensitiveText(lines.join('\n'), [])) },
    };
  });
  const observed = healthy(cluster, { [name]: { redis: change } });
  return lostPersistence(desiredCluster({ nodes }), observed)
    .filter(({ node }) => node === name)
    .map(({ code }) => code);
}

const on = (entries: Readonly<Record<string, string>>) => new Map(Object.entries(entries));

describe('lost persistence', () => {
  it.each<[string, readonly string[], Partial<RedisUp>, readonly string[]]>([
    ['none asked for', ['save ""'], { persistence: FINE, configuration: on({ save: '' }) }, []],
    ['saves as asked', ['save 60 1'], { persistence: FINE, configuration: on({ save: '60 1' }) }, []],
    ['saving is off', ['save 60 1'], { persistence: FINE, configuration: on({ save: '' }) }, ['PERSISTENCE_OFF']],
    [
      'the append-only file is off',
      ['appendonly yes', 'save ""'],
      { persistence: FINE, configuration: on({ save: '' }) },
      ['PERSISTENCE_OFF'],
    ],
    [
      'the last save failed',
      ['save 60 1'],
      { persistence: { ...FINE, rdbLastSaveOk: false }, configuration: on({ save: '60 1' }) },
      ['PERSISTENCE_FAILING'],
    ],
    [
      'the last save failed before saving was turned off',
      ['save ""'],
      { persistence: { ...FINE, rdbLastSaveOk: false }, configuration: on({ save: '' }) },
      [],
    ],
    [
      'a replica cannot append',
      ['appendonly yes'],
      { persistence: { ...FINE, aofEnabled: true, aofLastWriteOk: false } },
      ['PERSISTENCE_FAILING'],
    ],
  ])('%s', (_, lines, change, codes) => {
    expect(losses(lines, change)).toEqual(codes);
  });

  it('of a master that refuses writes is reported as that', () => {
    const persistence = { ...FINE, rdbLastSaveOk: false };
    const configuration = on({ save: '60 1', 'stop-writes-on-bgsave-error': 'yes' });
    expect(losses(['save 60 1'], { persistence, configuration }, 'redis-01')).toEqual([]);
  });
});
