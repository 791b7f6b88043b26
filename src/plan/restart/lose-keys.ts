import type { DesiredCluster } from '../../domain/desired.ts';
import type { RedisUp } from '../../domain/facts.ts';
import type { Pair } from '../roles/topology.ts';

/**
 * Whether the keys of a master that cannot save them may go: redisops.yml must allow it, and no replica may follow, which
 * the empty master would empty.
 */
export function mayLoseKeys({ desired }: Pair, redis: RedisUp, { policy, replication }: DesiredCluster): boolean {
  if (replication || redis.replicas.length > 0) return false;
  return policy.mayLoseData?.includes(desired.name) === true;
}

/** Rounded up to two digits, so that the approval holds while clients write. */
export function keysAtMost(keys: number): number {
  const unit = 10 ** Math.max(0, String(keys).length - 2);
  return Math.ceil(keys / unit) * unit;
}
