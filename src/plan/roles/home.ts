import type { DesiredCluster } from '../../domain/desired.ts';
import type { Pair } from './topology.ts';

/**
 * Where the master’s role belongs, by the note of the run that moved it (`MasterHome`). Null if it is there, or stays:
 * Git nominates the current master, the policy keeps moved roles, or Sentinel decides.
 */
export function homeOf(
  master: Pair,
  pairs: readonly Pair[],
  { nominatedMaster, policy }: Pick<DesiredCluster, 'nominatedMaster' | 'policy'>,
): Pair | null {
  const { redis, facts, desired } = master;
  const note = facts.reachable ? facts.host.masterHome : null;
  if (!note || !redis || note.replicationId !== redis.replicationId) return null;
  const stays = desired.name === nominatedMaster || policy.handBack === false || redis.watchedBySentinel;
  return stays ? null : (pairs.find((pair) => pair !== master && pair.desired.name === note.node) ?? null);
}

/**
 * Whether a failover by redisops gave this master its role for good: Git’s nomination of another node is then no
 * difference. Holds across restarts, which begin a new history after the noted one.
 */
export function isSettled({ redis, facts, desired }: Pair): boolean {
  const note = facts.reachable ? facts.host.masterHome : null;
  if (!note || !redis || note.node !== desired.name) return false;
  return note.replicationId === redis.replicationId || note.replicationId === redis.replicationId2;
}
