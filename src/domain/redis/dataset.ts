import { numberIn, senseless, subfieldsOf, type Info } from '../replication/info.ts';

/** How much a running Redis holds. */
export interface Dataset {
  /** Keys per database index. */
  keyspace: ReadonlyMap<number, number>;
  /** In all databases. */
  keys: number;
  usedMemoryBytes: number;
  /** `used_memory_dataset`: keys and values without Redis’s overhead. A snapshot is hardly ever larger. */
  datasetBytes: number;
}

/** @throws REDIS_ERROR if INFO lacks it. */
export function datasetIn(info: Info): Dataset {
  const keyspace = keyspaceIn(info);
  return {
    keyspace,
    keys: [...keyspace.values()].reduce((sum, keys) => sum + keys, 0),
    usedMemoryBytes: info.number('used_memory'),
    datasetBytes: info.number('used_memory_dataset'),
  };
}

/**
 * Parses `db0:keys=1000,expires=0,avg_ttl=0`. An empty database has no line; the section shows that there are none.
 * @throws REDIS_ERROR if INFO lacks the section.
 */
export function keyspaceIn(info: Info): ReadonlyMap<number, number> {
  if (!info.hasSection('Keyspace')) throw senseless('INFO has no Keyspace section');
  return new Map(
    info.entries().flatMap(([name, value]): [number, number][] => {
      if (!/^db\d+$/.test(name)) return [];
      const keys = numberIn(subfieldsOf(value).get('keys'));
      if (keys === null) throw senseless(`INFO’s ${name} has no keys`);
      return [[Number(name.slice(2)), keys]];
    }),
  );
}

/** Keys with an expiry, of all databases. */
export function expiringKeysIn(info: Info): number {
  const databases = info.entries().filter(([name]) => /^db\d+$/.test(name));
  return databases.reduce((sum, [, value]) => sum + (numberIn(subfieldsOf(value).get('expires')) ?? 0), 0);
}
