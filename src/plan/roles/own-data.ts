import { isUntouchedCopy } from '../../domain/replication/history.ts';
import { follows, type Pair } from './topology.ts';

/**
 * Whether the node holds keys that its new master is not known to have: as a replica it would lose them. A node whose
 * history is the master’s holds nothing of its own; so does a replica whose history is the one that a promoted master
 * went on from. A master with that history may have gone on, too: what it took since is nobody else’s.
 */
export function holdsOwnData({ redis }: Pair, { redis: master }: Pair): boolean {
  if (!redis || redis.keys === 0) return false;
  if (!master) return true;
  if (redis.replicationId === master.replicationId) return false;
  return redis.role === 'master' ? !isUntouchedCopy(redis, master) : redis.replicationId !== master.replicationId2;
}

/**
 * Whether ending the node’s Redis would end the only copy of what it holds: a master’s keys; those of a replica that is
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
