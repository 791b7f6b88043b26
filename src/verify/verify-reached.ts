import type { Code } from '../domain/code.ts';
import type { DesiredCluster } from '../domain/desired.ts';
import { PASSING } from '../domain/passing.ts';
import type { Verification } from '../domain/verification.ts';
import type { Clock } from '../ports/clock.ts';
import { realClock } from '../time/real-clock.ts';
import { verify } from './verify.ts';
import type { Nodes } from '../ports/nodes.ts';

const EVERY_MS = 500;
/** A network that comes back, a host that boots, a Redis that its unit starts again. */
const AWAY: ReadonlySet<Code> = new Set<Code>([...PASSING, 'REDIS_UNREACHABLE']);

/**
 * As `verify`, but where a node is away for a moment it is looked again until the cluster is healthy, for so many
 * milliseconds. What is still so then is answered as it is.
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
