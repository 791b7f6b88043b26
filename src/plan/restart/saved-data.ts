import type { DirectiveChange } from '../../domain/action.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import type { PersistenceSettings } from '../../domain/redis/remains.ts';
import type { Pair } from '../roles/topology.ts';

interface Start {
  wanted: ReadonlyMap<string, string>;
  settings: PersistenceSettings;
  restart: readonly DirectiveChange[];
}

/** Why a restarted master would not load what it saves; null if it would. */
export function obstacleTo(
  { desired }: Pair,
  host: HostFacts,
  redis: RedisUp,
  { wanted, settings, restart }: Start,
): string | null {
  const places = settings.appendonly === 'yes' ? ['dir', 'appenddirname', 'appendfilename'] : ['dir', 'dbfilename'];
  const moved = restart.find(({ directive }) => places.includes(directive));
  if (moved) return `${moved.directive} changes, so it would not load what it saves now`;
  const folder = wanted.get('dir') ?? desired.dataDirectory;
  if (redis.configuration.get('dir') !== folder) return `it does not save in ${folder}`;
  if (settings.appendonly !== 'yes' && settings.dbfilename === '') return 'dbfilename is empty';
  if (host.dataDirectoryWritable !== true) return `it cannot write ${desired.dataDirectory}`;
  const highest = Math.max(-1, ...[...redis.keyspace].filter(([, keys]) => keys > 0).map(([index]) => index));
  const databases = Number(wanted.get('databases') ?? '16');
  if (highest >= databases) return `database ${highest} holds keys, and databases is to be ${databases}`;
  return host.freeBytes < roomFor(redis) ? `the disk has room for less than twice what it holds in memory` : null;
}

/** Bytes for two snapshots: the proof that saving works, and the final one. Each is smaller than the data in memory. */
function roomFor({ usedMemoryBytes }: RedisUp): number {
  return usedMemoryBytes * 2;
}
