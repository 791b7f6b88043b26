import type { RedisopsError } from '../../domain/error.ts';
import { freezeAt } from '../../domain/run/freeze.ts';
import { clusterFrozen, clusterLocked } from '../../domain/run/hold-up.ts';
import type { Policy } from '../../domain/run/policy.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

/** Everything that would now keep a change of the cluster from starting, for display. */
export async function holdUpsOf(
  { cluster, policy }: { cluster: string; policy: Policy },
  ports: { store: Pick<Store, 'lockOn'>; clock: Clock },
): Promise<readonly RedisopsError[]> {
  const lock = await ports.store.lockOn(cluster);
  const freeze = freezeAt(policy.freeze ?? [], ports.clock.now());
  return [...(lock ? [clusterLocked(cluster, lock)] : []), ...(freeze ? [clusterFrozen(cluster, freeze)] : [])];
}
