import type { DesiredCluster } from '../../domain/desired.ts';
import { hasNearlyAll, isInSync, silenceLimit } from '../../domain/replication/in-sync.ts';
import type { Blocker } from '../../domain/plan.ts';
import { holdsData, keepsData, persistenceSettings, useOf } from '../../domain/redis/remains.ts';
import type { NodeRemains } from './remains.ts';
import { follows, type Pair, type Roles } from '../roles/topology.ts';

/** All nodes are running, in sync and idle: nothing on disk is removed while something may need it. */
export function readinessBlockers({ replication }: DesiredCluster, { pairs, master }: Roles): readonly Blocker[] {
  return pairs.flatMap((pair): readonly Blocker[] => {
    const why = unreadiness(pair, replication ? master : null);
    if (why === null) return [];
    const node = pair.desired.name;
    const hint = 'Fix that, or wait for it, then ask again. Nothing was moved.';
    return [{ code: 'PURGE_NOT_NOW', node, message: `${node} ${why}.`, hint }];
  });
}

function unreadiness(pair: Pair, master: Pair | null): string | null {
  const { facts, redis } = pair;
  if (!facts.reachable || facts.redis.state === 'unreadable') return null;
  if (!redis) return 'is not running: its disk may hold the only copy';
  if (redis.loading) return 'is loading its data';
  if (redis.persistence.rdbSaveInProgress) return 'is saving a snapshot';
  if (!master || pair === master) return null;
  if (!follows(pair, master)) return `does not replicate from ${master.desired.name}`;
  return isInSync(redis, silenceLimit(master.redis?.configuration ?? null))
    ? null
    : `is not in sync with ${master.desired.name}`;
}

/**
 * A file that may hold keys is removed only if a running Redis holds them too, and another one or a remaining file as
 * well: never the last copy. A snapshot is smaller than the same data in memory, so a Redis that uses less does not
 * hold all of it.
 */
export function copyBlockers(
  found: NodeRemains,
  { replication }: DesiredCluster,
  { pairs, master }: Roles,
): readonly Blocker[] {
  const { pair } = found;
  const files = [...found.unused, ...found.aside].filter((file) => file.holdsData);
  const holder = replication ? master : pair;
  if (files.length === 0 || !pair.redis || !holder?.redis) return [];
  const largest = Math.max(0, ...files.filter(({ path }) => path.endsWith('.rdb')).map(({ bytes }) => bytes));
  const { keys, usedMemoryBytes } = holder.redis;
  if (keys === 0 || usedMemoryBytes < largest) {
    const why = `${holder.desired.name} holds ${keys} keys in ${usedMemoryBytes} bytes`;
    return [lastCopy(pair, files, why)];
  }
  if (
    pair !== holder ||
    (found.cure.length === 0 && keepsOnDisk(pair)) ||
    pairs.some((other) => holdsTheSame(other, holder))
  )
    return [];
  return [lastCopy(pair, files, `${pair.desired.name} keeps nothing on disk, and no replica in sync holds its keys`)];
}

/** Whether the node’s Redis has its data in an existing, intact file. */
function keepsOnDisk({ facts, redis }: Pair): boolean {
  if (!facts.reachable || !redis) return false;
  const settings = persistenceSettings(redis.configuration);
  const { rdbLastSaveOk, aofLastWriteOk } = redis.persistence;
  const works = settings.appendonly === 'yes' ? aofLastWriteOk : rdbLastSaveOk;
  const files = facts.host.remains.filter(holdsData);
  return keepsData(settings) && works && files.some(({ path }) => useOf(path, settings) !== null);
}

function holdsTheSame(other: Pair, holder: Pair): boolean {
  if (!other.redis || !holder.redis || !follows(other, holder)) return false;
  if (!isInSync(other.redis, silenceLimit(holder.redis.configuration))) return false;
  const sameHistory = other.redis.replicationId === holder.redis.replicationId;
  return sameHistory && hasNearlyAll(other.redis.keys, holder.redis.keys);
}

function lastCopy(
  { desired: { name } }: Pair,
  files: readonly { path: string; bytes: number }[],
  why: string,
): Blocker {
  const said = files
    .slice(0, 4)
    .map(({ path, bytes }) => `${path} (${bytes} bytes)`)
    .join(', ');
  return {
    code: 'PURGE_LAST_COPY',
    node: name,
    message: `${said} on ${name} may be the last copy of data: ${why}.`,
    hint: 'If you do not need that data, copy the files elsewhere and remove them by hand.',
  };
}
