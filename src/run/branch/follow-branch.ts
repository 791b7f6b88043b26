import { asRedisopsError } from '../../domain/error.ts';
import type { Log } from '../../ports/log.ts';
import { watch, type Watch } from '../watch.ts';
import type { Clock } from '../../ports/clock.ts';

export interface FollowTimes {
  /** Milliseconds from one look to the next. */
  everyMs: number;
  /** Hints come in bursts: minimum milliseconds from the start of one look to the next. */
  settleMs: number;
}

const LONGEST_AGAIN_MS = 900_000;
/** Milliseconds until the next look, if one is wanted soon. */
const SOON_MS = 5000;

/**
 * Looks at the branch at intervals and after hints; `look` returns whether another one is wanted soon. After each
 * GitHub failure the interval doubles, regardless of hints; after a queue failure the next look comes soon. Logs a
 * failure and its end once each.
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
    // GitHub may announce a commit before serving it: look twice after a hint. “Not modified” costs nothing.
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
      // Hints do not repair GitHub.
      if (failures === 0) looks.hint();
    },
  };
}

/** Adds jitter, so that instances do not return all at once. */
function spread(milliseconds: number): number {
  return milliseconds * (0.75 + Math.random() / 2);
}
