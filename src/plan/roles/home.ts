import { isOfHistory, isSettledOn } from '../../domain/replication/master-home.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { Risk } from '../../domain/plan.ts';
import type { Pair } from './topology.ts';

/**
 * Where the master’s role belongs, by the note of the run that moved it (`MasterHome`). Null if it is there, or stays:
 * Git nominates the current master, or the policy keeps moved roles. An automatic failover voids the note.
 */
export function homeOf(
  master: Pair,
  pairs: readonly Pair[],
  { nominatedMaster, policy }: Pick<DesiredCluster, 'nominatedMaster' | 'policy'>,
): Pair | null {
  const noted = notedHome(master, pairs, { nominatedMaster, policy });
  return noted?.isValid ? noted.home : null;
}

/**
 * A run moved the role and never returned it, and the note is void: the master lost the noted history, or was promoted
 * anew. Somebody may want the role there now, so nothing moves it unasked.
 */
export function strandedRisks(
  master: Pair | null,
  pairs: readonly Pair[],
  desired: Pick<DesiredCluster, 'nominatedMaster' | 'policy'>,
): readonly Risk[] {
  const noted = master && notedHome(master, pairs, desired);
  if (!noted || noted.isValid) return [];
  const [name, home] = [master.desired.name, noted.home.desired.name];
  const message = `A run moved the master’s role from ${home} to ${name} for a restart, and ${name} has begun another history since: an apply leaves the role there. \`redisops failover ${home}\` moves it back.`;
  return [{ code: 'ROLE_AWAY', node: name, message }];
}

function notedHome(
  { redis, facts, desired }: Pair,
  pairs: readonly Pair[],
  { nominatedMaster, policy }: Pick<DesiredCluster, 'nominatedMaster' | 'policy'>,
): { home: Pair; isValid: boolean } | null {
  const note = facts.reachable ? facts.host.masterHome : null;
  if (!note || redis?.role !== 'master' || (redis.watchedBySentinel && !pairs.some(runsSentinel))) return null;
  if (desired.name === nominatedMaster || policy.handBack === false) return null;
  const home = pairs.find((pair) => pair.desired.name === note.node && pair.desired.name !== desired.name);
  return home ? { home, isValid: isOfHistory(note, redis) } : null;
}

/** Without one that can be asked, no run can move the role. */
function runsSentinel({ facts }: Pair): boolean {
  return facts.reachable && facts.sentinel?.process.state === 'up';
}

/** Whether a failover by redisops gave this master its role for good: Git’s other nomination is then no difference. */
export function isSettled({ redis, facts, desired }: Pair): boolean {
  return redis !== null && facts.reachable && isSettledOn(desired.name, facts.host.masterHome, redis);
}

/** The one of several masters that a failover by redisops chose over all the others. */
export function chosenAmong(masters: readonly Pair[]): Pair | null {
  const isChosen = (pair: Pair): boolean => {
    const over = pair.facts.reachable ? (pair.facts.host.masterHome?.over ?? []) : [];
    return isSettled(pair) && masters.every((other) => other === pair || over.includes(other.desired.name));
  };
  const chosen = masters.filter(isChosen);
  return chosen.length === 1 ? (chosen[0] ?? null) : null;
}
