import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import { agreedMaster, sentinelWatch } from '../domain/health/sentinel-watch.ts';
import { observe } from './observe.ts';
import { observeReached } from './observe-reached.ts';
import type { Clock } from '../ports/clock.ts';
import type { Nodes } from '../ports/nodes.ts';

const EVERY_MS = 250;
const MOST_LOOKS = 240;

/**
 * As `observe`, but waits up to a minute for changes a dead worker may have left running: a unit starting or stopping,
 * a Redis loading, a failover that Sentinel ends by itself. @param reachMs As of `observeReached`.
 */
export async function observeSettled(
  desired: DesiredCluster,
  nodes: Nodes,
  clock: Clock,
  reachMs = 0,
): Promise<readonly NodeFacts[]> {
  let seen = await observeReached(desired, nodes, clock, reachMs);
  for (let look = 1; look < MOST_LOOKS && !areSettled(desired, seen); look += 1) {
    await clock.sleep(EVERY_MS);
    seen = await observe(desired, nodes);
  }
  return seen;
}

function areSettled(desired: DesiredCluster, seen: readonly NodeFacts[]): boolean {
  return seen.every(isSettled) && !isFailingOver(desired, seen);
}

/** Sentinel demotes an old master 10 s after its failover. */
export function isFailingOver(desired: DesiredCluster, seen: readonly NodeFacts[]): boolean {
  const watch = sentinelWatch(desired, seen);
  if (!watch || watch.watchers.length === 0) return false;
  if (watch.watchers.some(({ master }) => master.flags.has('failover_in_progress'))) return true;
  const named = agreedMaster(watch);
  const masters = seen.filter((each) => each.reachable && each.redis.state === 'up' && each.redis.role === 'master');
  return masters.length > 1 && (named === null || masters.some(({ name }) => name === named));
}

/** A replica that loads its master’s data is settled. */
export function isSettled(facts: NodeFacts): boolean {
  if (!facts.reachable) return true;
  const { redis, host } = facts;
  if (host.unit.jobPending || ['activating', 'deactivating'].includes(host.unit.activeState)) return false;
  if (redis.state === 'unreadable') return redis.code !== 'REDIS_UNREACHABLE';
  return redis.state === 'down' || !redis.loading || redis.master?.syncInProgress === true;
}
