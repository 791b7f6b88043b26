import type { Action } from '../../domain/action.ts';
import type { Risk } from '../../domain/plan.ts';
import type { Roles } from '../roles/topology.ts';

/** Writes that the master refuses while a replica is away: `min-replicas-to-write` leaves none to spare. */
export function scarceReplicaRisks(actions: readonly Action[], { master, pairs }: Roles): readonly Risk[] {
  const redis = pairs.find(({ desired }) => desired.name === master?.desired.name)?.redis;
  const needed = Number(redis?.configuration.get('min-replicas-to-write') ?? '0');
  const isAway = actions.some(({ kind }) => kind === 'restart-unit' || kind === 'resync');
  if (!redis || !master || !isAway || needed === 0) return [];
  const good = redis.goodReplicas ?? 0;
  if (good - 1 >= needed) return [];
  const { name } = master.desired;
  return [
    {
      code: 'WRITES_REFUSED',
      node: name,
      message: `Writes are refused (NOREPLICAS) while each replica is away: min-replicas-to-write is ${needed}, and ${name} has ${good}. Lower it in Git first to avoid that.`,
    },
  ];
}
