import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import { PASSING } from '../domain/run/passing.ts';
import { observe } from './observe.ts';
import type { Clock } from '../ports/clock.ts';
import type { Nodes } from '../ports/nodes.ts';

const EVERY_MS = 500;

/** As `observe`, but retries briefly unreachable nodes for this long (milliseconds). The last state is returned. */
export async function observeReached(
  desired: DesiredCluster,
  nodes: Nodes,
  clock: Clock,
  forMs = 0,
): Promise<readonly NodeFacts[]> {
  const deadline = clock.elapsed() + forMs;
  let seen = await observe(desired, nodes);
  while (seen.some(isHidden) && clock.elapsed() < deadline) {
    await clock.sleep(EVERY_MS);
    seen = await observe(desired, nodes);
  }
  return seen;
}

export function isHidden(facts: NodeFacts): boolean {
  if (!facts.reachable) return PASSING.has(facts.code);
  return facts.redis.state === 'unreadable' && PASSING.has(facts.redis.code);
}
