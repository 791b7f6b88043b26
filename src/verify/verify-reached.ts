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
/** A load balancer follows the role by its own checks. */
const ENTRY: ReadonlySet<Code> = new Set<Code>(['ENTRY_UNREACHABLE', 'ENTRY_WRONG_NODE', 'ENTRY_REFUSES_WRITES']);
const ENTRY_MS = 20_000;

/**
 * As `verify`, but if a node is away, retries until the cluster is healthy or this time is up (milliseconds); where only
 * the entry has not followed yet, for 20 s. Returns the last result.
 */
export async function verifyReached(
  desired: DesiredCluster,
  nodes: Nodes,
  forMs: number,
  clock: Clock = realClock,
): Promise<Verification> {
  const begun = clock.elapsed();
  let seen = await verify(desired, nodes, clock);
  const limitMs = limitFor(seen, forMs);
  if (limitMs === 0) return seen;
  const deadline = begun + limitMs;
  while (seen.verdict !== 'healthy' && clock.elapsed() < deadline) {
    await clock.sleep(EVERY_MS);
    seen = await verify(desired, nodes, clock);
  }
  return seen;
}

function limitFor({ reasons }: Verification, forMs: number): number {
  if (reasons.some(({ code }) => AWAY.has(code))) return forMs;
  const isEntryOnly = reasons.length > 0 && reasons.every(({ code }) => ENTRY.has(code));
  return isEntryOnly ? Math.max(forMs, ENTRY_MS) : 0;
}
