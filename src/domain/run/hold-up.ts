import { RedisopsError } from '../error.ts';
import type { Freeze } from './freeze.ts';
import type { Lock } from './lock.ts';
import { minuteOf } from '../text/minute.ts';

export function clusterLocked(cluster: string, { by, reason, until }: Lock): RedisopsError {
  const end = until === null ? 'until someone unlocks it' : `until ${minuteOf(until)}`;
  return new RedisopsError('CLUSTER_LOCKED', `${cluster} is locked by ${by.actor} ${end}: ${reason}`, {
    hint: 'No changes were made. Run `/redis unlock`, then `/redis apply`.',
  });
}

export function clusterFrozen(cluster: string, { until, reason }: Freeze): RedisopsError {
  const end = until === null ? 'with no end' : `until ${minuteOf(until.toISOString())}`;
  return new RedisopsError('FROZEN', `${cluster} is frozen ${end}: ${reason}`, {
    hint: 'No changes were made. Ask again after that. If it cannot wait, use `--break-glass "why"`, which a second person must approve.',
  });
}
