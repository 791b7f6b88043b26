import { asRedisopsError } from '../../domain/error.ts';
import type { Log } from '../../ports/log.ts';

export interface FollowTimes {
  /** From one look to the next. Milliseconds. */
  everyMs: number;
  /** Hints come in bursts: from the beginning of a look to the next one. */
  settleMs: number;
}

const LONGEST_AGAIN_MS = 900_000;
/** To the next look, where one should be made soon. */
const SOON_MS = 5000;

/** Looks at the branch now and then, and soon after a hint. */
export interface BranchFollower {
  /** Something may have come onto the branch. Costs nothing, however often it is said. */
  hint(): void;
  /** The first look is over: what comes onto the branch from here on is seen. */
  begun: Promise<void>;
  /** Waits for the look that is under way. */
  close(): Promise<void>;
}

/**
 * One look at a time; `look` answers whether there should be another soon. After a failure of GitHub the next one waits twice
 * as long as the last time, with a chance share in it, so that not everybody comes back at once. Our own queue is asked again
 * soon. A failure and its end are logged once each.
 */
export function followBranch(look: () => Promise<boolean>, times: FollowTimes, log: Log): BranchFollower {
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> | null = null;
  let dueAt = Infinity;
  let begunAt = 0;
  let isHinted = false;
  let failures = 0;
  let isFailing = false;
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
    begunAt = Date.now();
    looking = lookOnce().finally(() => {
      looking = null;
      lookIn(nextMs());
    });
  };

  const lookOnce = async (): Promise<void> => {
    try {
      // GitHub may tell of a commit before it shows it: after a hint it is looked twice. “Not modified” costs nothing.
      const wasHinted = isHinted;
      isHinted = false;
      soon = (await look()) || wasHinted;
      if (isFailing) log.info({}, 'the branch can be looked at again');
      isFailing = false;
      failures = 0;
    } catch (thrown) {
      const error = asRedisopsError(thrown);
      if (!isFailing) log.warn({ error }, 'the branch cannot be looked at; it is tried again');
      isFailing = true;
      soon = error.code === 'QUEUE_FAILED';
      failures = soon ? 0 : failures + 1;
    }
  };

  const nextMs = (): number => {
    if (soon && failures === 0) return Math.min(SOON_MS, times.everyMs);
    const again = Math.min(SOON_MS, times.everyMs) * 2 ** failures;
    const wait = failures === 0 ? times.everyMs : Math.min(Math.max(LONGEST_AGAIN_MS, times.everyMs), again);
    return wait * (0.75 + Math.random() / 2);
  };

  begin();
  return {
    begun: Promise.resolve(looking).then(() => undefined),
    hint() {
      isHinted = true;
      // Not sooner than a look that waits after a failure: GitHub is not helped by hints.
      lookIn(failures === 0 ? Math.max(0, begunAt + times.settleMs - Date.now()) : nextMs());
    },
    async close() {
      closed = true;
      if (timer) clearTimeout(timer);
      await looking;
    },
  };
}
