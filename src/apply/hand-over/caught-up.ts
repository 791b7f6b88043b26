import type { RedisLink } from '../../ports/nodes.ts';
import { readState, type ReplicationState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';

/** The two sides of a hand-over. */
export interface Pair {
  old: RedisLink;
  candidate: RedisLink;
}

/** Part of the pause; in sync, it takes a millisecond. */
const CATCH_UP_MS = 500;

/** With writes paused, the master’s offset only moves by an occasional PING. */
export async function caughtUp({ old, candidate }: Pair, step: Step): Promise<boolean> {
  if (step.disabledGuards.has('in-sync')) return true;
  const deadline = step.clock.elapsed() + CATCH_UP_MS;
  while (step.clock.elapsed() < deadline) {
    const [from, to] = await Promise.all([readState(old), readState(candidate)]);
    if (isCaughtUp(from, to)) return true;
    await step.clock.sleep(2, null);
  }
  return false;
}

function isCaughtUp(old: ReplicationState, candidate: ReplicationState): boolean {
  return (
    candidate.master?.up === true && candidate.replicationId === old.replicationId && candidate.offset === old.offset
  );
}
