import { asRedisopsError } from '../../domain/error.ts';
import type { Log } from '../../ports/log.ts';
import { watch, type Watch } from '../watch.ts';
import type { Clock } from '../../ports/clock.ts';

export interface FollowTimes {
  /** From one look to the next. Milliseconds. */
  everyMs: number;
  /** Hints come in bursts: from the beginning of a look to the next one. */
  settleMs: number;
}

const LONGEST_AGAIN_MS = 900_000;
/** To the next look, where one should be made soon. */
const SOON_MS = 5000;

/**
 * Looks at the branch now and then, and after a hint; `look` answers whether there should be another one soon. After a
 * failure of GitHub the next one waits twice as long as the last time, whatever the hints. Our own queue is asked again
 * soon. A failure and its end are logged once each.
 */
export function followBranch(
  look: () => Promise<boolean>,
  times: FollowTimes,
  { log, clock }: { log: Log; clock: Clock },
): Watch {
  const soonMs = Math.min(SOON_MS, times.everyMs);
  let isHinted = false;
  let isFailing = false;
  let failures = 0;

  const lookOnce = async (): Promise<number> => {
    // GitHub may tell of a commit before it shows it: after a hint it is looked twice. “Not modified” costs nothing.
    const wasHinted = isHinted;
    isHinted = false;
    const isSoon = (await look()) || wasHinted;
    if (isFailing) log.info({}, 'the branch can be looked at again');
    isFailing = false;
    failures = 0;
    if (isHinted) return times.settleMs;
    return isSoon ? soonMs : spread(times.everyMs);
  };
  const failed = (thrown: unknown): number => {
    const error = asRedisopsError(thrown);
    if (!isFailing) log.warn({ error }, 'the branch cannot be looked at; retrying');
    isFailing = true;
    failures = error.code === 'QUEUE_FAILED' ? 0 : failures + 1;
    if (failures === 0) return soonMs;
    return spread(Math.min(Math.max(LONGEST_AGAIN_MS, times.everyMs), soonMs * 2 ** failures));
  };

  const looks = watch(() => lookOnce().catch(failed), clock, { settleMs: times.settleMs });
  return {
    ...looks,
    hint() {
      isHinted = true;
      // GitHub is not helped by hints.
      if (failures === 0) looks.hint();
    },
  };
}

/** With a chance share, so that not everybody comes back at once. */
function spread(milliseconds: number): number {
  return milliseconds * (0.75 + Math.random() / 2);
}
