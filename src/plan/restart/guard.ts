import type { Blocker } from '../../domain/plan.ts';
import { isOnlyCopy } from '../roles/own-data.ts';
import type { Pair } from '../roles/topology.ts';
import type { InPlace } from './in-place.ts';

/**
 * A master that holds data is not restarted if its data cannot be saved: it would return empty, and its replicas would
 * copy that. Nor is a replica with data that its master lacks.
 */
export function restartBlockers(
  pair: Pair,
  master: Pair | null,
  reasons: readonly string[],
  inPlace: InPlace | null,
): readonly Blocker[] {
  const { redis } = pair;
  if (reasons.length === 0 || !redis || inPlace?.data || !isOnlyCopy(pair, master)) return [];
  const node = pair.desired.name;
  const why = `and needs a restart: ${reasons.join('; ')}.`;
  if (redis.role === 'master')
    return [
      {
        code: 'MASTER_RESTART_HOLDS_DATA',
        node,
        message: `${node} is a master with ${redis.keys} keys ${why}`,
        hint: `No replica is in sync, of the same version and one that Sentinel would promote, to take its role meanwhile. Nor can it be saved and loaded again: ${inPlace?.obstacle ?? 'it is to be a replica'}. Fix one of these, then plan again.`,
      },
    ];
  return [
    {
      code: 'REPLICA_HOLDS_DATA',
      node,
      message: `${node} holds ${redis.keys} keys, is not in sync with its master, ${why}`,
      hint: 'It may be the only copy. Save its data or fix its master first.',
    },
  ];
}
