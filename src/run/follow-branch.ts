import { asRedisopsError } from '../domain/error.ts';
import type { Log } from '../ports.ts';

export interface FollowTimes {
  /** From one look to the next. Milliseconds. */
  everyMs: number;
  /** Hints come in bursts. */
  settleMs: number;
}

const LONGEST_AGAIN_MS = 900_000;
/** To the next look, where one should be made soon. */
const SOON_MS = 5000;

/** Looks at the branch now and then, and soon after a hint. */
export interface BranchFollower {
  /** Something may have come onto the branch. Costs nothing, however often it is said. */
  hint(): void;
  /** Waits for the look that is under way. */
  close(): Promise<void>;
}

/**
 * One look at a time; `look` answers whether there should be another soon. After a failure the next one waits twice as long as the last time, with a chance share in it, so that
 * not everybody comes back at once; a failure and its end are logged once each.
 */
export function followBranch(look: () => Promise<boolean>, times: FollowTimes, log: Log): BranchFollower {
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> | null = null;
  let dueAt = Infinity;
  let failures = 0;
  let soon = false;
  let closed = false;

  const lookIn = (milliseconds: number): void => {
    const at = Date.now() + milliseconds;
    if (closed || (timer && dueAt <= at)) return;
    if (timer) clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(begin, milliseconds);
  };

  const begin = (): void => {
    timer = null;
    dueAt = Infinity;
    // A hint may have come while it looked: then it looks again.
    if (looking) return lookIn(times.settleMs);
    looking = lookOnce().finally(() => {
      looking = null;
      lookIn(nextMs());
    });
  };

  const lookOnce = async (): Promise<void> => {
    try {
      soon = await look();
      if (failures > 0) log.info({ failures }, 'the branch can be looked at again');
      failures = 0;
    } catch (error) {
      if (failures === 0)
        log.warn({ error: asRedisopsError(error) }, 'the branch cannot be looked at; it is tried again');
      failures += 1;
    }
  };

  const nextMs = (): number => {
    if (soon && failures === 0) return Math.min(SOON_MS, times.everyMs);
    const wait = Math.min(Math.max(LONGEST_AGAIN_MS, times.everyMs), times.everyMs * 2 ** failures);
    return wait * (0.75 + Math.random() / 2);
  };

  begin();
  return {
    // Not sooner than a look that waits after a failure: GitHub is not helped by hints.
    hint: () => lookIn(failures === 0 ? times.settleMs : nextMs()),
    async close() {
      closed = true;
      if (timer) clearTimeout(timer);
      await looking;
    },
  };
}
