import type { Code } from '../domain/code.ts';
import type { DesiredCluster } from '../domain/desired.ts';
import { PASSING } from '../domain/run/passing.ts';
import type { Verification } from '../domain/verification.ts';
import type { Clock } from '../ports/clock.ts';
import { realClock } from '../time/real-clock.ts';
import { verify } from './verify.ts';
import type { Nodes } from '../ports/nodes.ts';

const EVERY_MS = 500;
/** States that may pass: the network returns, a host boots, a unit restarts Redis. */
const AWAY: ReadonlySet<Code> = new Set<Code>([...PASSING, 'REDIS_UNREACHABLE']);

/**
 * As `verify`, but if a node is away, retries until the cluster is healthy or this time is up (milliseconds). Returns
 * the last result.
 */
export async function verifyReached(
  desired: DesiredCluster,
  nodes: Nodes,
  forMs: number,
  clock: Clock = realClock,
): Promise<Verification> {
  const deadline = clock.elapsed() + forMs;
  let seen = await verify(desired, nodes, clock);
  if (!seen.reasons.some(({ code }) => AWAY.has(code))) return seen;
  while (seen.verdict !== 'healthy' && clock.elapsed() < deadline) {
    await clock.sleep(EVERY_MS);
    seen = await verify(desired, nodes, clock);
  }
  return seen;
}
