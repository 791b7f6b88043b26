import { RedisopsError } from '../error.ts';
import type { Freeze } from './freeze.ts';
import type { Lock } from './lock.ts';

/** CLUSTER_LOCKED: who, why, until when. */
export function clusterLocked(cluster: string, { by, reason, until }: Lock): RedisopsError {
  const end = until === null ? 'until somebody unlocks it' : `until ${minute(until)}`;
  return new RedisopsError('CLUSTER_LOCKED', `${cluster} is locked by ${by.actor} ${end}: ${reason}`, {
    hint: 'Nothing was changed. `/redis unlock`, then `/redis apply`.',
  });
}

/** FROZEN: why, until when. */
export function clusterFrozen(cluster: string, { until, reason }: Freeze): RedisopsError {
  const end = until === null ? 'with no end in sight' : `until ${minute(until.toISOString())}`;
  return new RedisopsError('FROZEN', `${cluster} is frozen ${end}: ${reason}`, {
    hint: 'Nothing was changed. Ask again after that; or now, where it cannot wait: `--break-glass "why"`, which a second person must approve.',
  });
}

function minute(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
