import { FENCE, type Settings } from '../../domain/sentinel/switchover.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import { readSettings } from '../node/redis-on.ts';
import type { ReplicationState } from '../node/replication-state.ts';

/** Redis’s default. With 0, nothing is counted. Seconds. */
const LEAST_LAG = 10;

/**
 * Makes the old master refuse writes from the moment the candidate leaves it: it then has fewer replicas than it needs
 * (NOREPLICAS). Sentinel demotes an old master only 10 s after the failover. Until then every acknowledged write would be
 * lost, should the worker die in between. While the candidate is attached, writes go on.
 */
export async function raiseFence(old: RedisLink, { replicas }: ReplicationState): Promise<void> {
  const now = await readSettings(old, FENCE.replicas, FENCE.lag);
  const online = replicas.filter(({ state }) => state === 'online').length;
  const needed = Math.max(Number(now.get(FENCE.replicas) ?? 0), online);
  const lag = Math.max(Number(now.get(FENCE.lag) ?? 0), LEAST_LAG);
  await old.command('CONFIG', 'SET', FENCE.replicas, String(needed), FENCE.lag, String(lag));
}

export async function lowerFence(old: RedisLink, before: Settings = {}): Promise<void> {
  const [command = '', ...words] = loweringFence(before);
  await old.command(command, ...words);
}

/** As one command, which a transaction can have. */
export function loweringFence(before: Settings): readonly string[] {
  const pairs = [FENCE.replicas, FENCE.lag].flatMap((directive) => {
    const value = before[directive];
    return value === undefined ? [] : [directive, value];
  });
  return ['CONFIG', 'SET', ...pairs];
}
