import { isUntouchedCopy } from '../../domain/replication/history.ts';
import { follows, type Pair } from './topology.ts';

/**
 * Whether the node holds keys that its new master may not have: as a replica it would lose them. Not if its history is
 * the master’s, or if it is a replica of the history that a promoted master continued. A master with that history may
 * have continued too: its later writes exist nowhere else.
 */
export function holdsOwnData({ redis }: Pair, { redis: master }: Pair): boolean {
  if (!redis || redis.keys === 0) return false;
  if (!master) return true;
  if (redis.replicationId === master.replicationId) return false;
  return redis.role === 'master' ? !isUntouchedCopy(redis, master) : redis.replicationId !== master.replicationId2;
}

/**
 * Whether stopping the node’s Redis would lose the only copy of some data: a master’s keys; a replica’s, if it is
 * neither in sync with the master, nor of its history, nor outnumbered by it.
 */
export function isOnlyCopy(pair: Pair, master: Pair | null): boolean {
  const { redis } = pair;
  if (!redis || redis.keys === 0) return false;
  if (redis.role === 'master') return true;
  if (!master?.redis) return true;
  if (follows(pair, master) && redis.master?.up === true) return false;
  return holdsOwnData(pair, master) && master.redis.keys < redis.keys;
}
