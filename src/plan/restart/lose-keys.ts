import type { DesiredCluster } from '../../domain/desired.ts';
import type { RedisUp } from '../../domain/facts.ts';
import type { Pair } from '../roles/topology.ts';

/**
 * Whether a master that cannot save its keys may lose them: redisops.yml must allow it, and it must have no replicas,
 * which it would then empty.
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
