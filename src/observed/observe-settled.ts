import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import { observe } from './observe.ts';
import { observeReached } from './observe-reached.ts';
import type { Clock } from '../ports/clock.ts';
import type { Nodes } from '../ports/nodes.ts';

const EVERY_MS = 250;
const MOST_LOOKS = 240;

/**
 * As `observe`, but waits up to a minute for changes a dead worker may have left running: a unit starting or stopping,
 * a Redis loading. @param reachMs As of `observeReached`.
 */
export async function observeSettled(
  desired: DesiredCluster,
  nodes: Nodes,
  clock: Clock,
  reachMs = 0,
): Promise<readonly NodeFacts[]> {
  let seen = await observeReached(desired, nodes, clock, reachMs);
  for (let look = 1; look < MOST_LOOKS && !seen.every(isSettled); look += 1) {
    await clock.sleep(EVERY_MS);
    seen = await observe(desired, nodes);
  }
  return seen;
}

/** A replica that loads its master’s data is settled. */
export function isSettled(facts: NodeFacts): boolean {
  if (!facts.reachable) return true;
  const { redis, host } = facts;
  if (host.unit.jobPending || ['activating', 'deactivating'].includes(host.unit.activeState)) return false;
  if (redis.state === 'unreadable') return redis.code !== 'REDIS_UNREACHABLE';
  return redis.state === 'down' || !redis.loading || redis.master?.syncInProgress === true;
}
