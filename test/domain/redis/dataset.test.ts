import { describe, expect, it } from 'vitest';
import { datasetIn, keyspaceIn } from '../../../src/domain/redis/dataset.ts';
import { Info } from '../../../src/domain/replication/info.ts';

describe('the keyspace', () => {
  it.each([
    ['', []],
    ['db0:keys=1,expires=0,avg_ttl=0', [[0, 1]]],
    [
      'db0:keys=10,expires=3,avg_ttl=5\r\ndb15:keys=7,expires=0,avg_ttl=0',
      [
        [0, 10],
        [15, 7],
      ],
    ],
    ['db_saved:9\r\nused_db0:keys=3', []],
  ])('%j', (text, keyspace) => {
    expect([...keyspaceIn(new Info(`# Keyspace\r\n${text}`))]).toEqual(keyspace);
  });

  it.each(['used_memory:1\r\n', '# Keyspace\r\ndb0:expires=0\r\n'])(
    'is unknown, not empty, where INFO does not say: %j',
    (text) => {
      expect(() => keyspaceIn(new Info(text))).toThrow(expect.objectContaining({ code: 'REDIS_ERROR' }));
    },
  );
});

it('sums up all databases', () => {
  const text = 'used_memory:100\r\nused_memory_dataset:40\r\n# Keyspace\r\ndb0:keys=12\r\ndb15:keys=3\r\n';
  expect(datasetIn(new Info(text))).toMatchObject({ keys: 15, usedMemoryBytes: 100, datasetBytes: 40 });
});
