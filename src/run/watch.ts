import type { Clock } from '../ports/clock.ts';

export interface Watch {
  /** Something may have changed: the next look is made in so many milliseconds at most. Costs nothing, however often. */
  hint(inMs?: number): void;
  /** The first look is over. */
  begun: Promise<void>;
  /** Waits for the look that is under way; no other one begins. */
  close(): Promise<void>;
}

export interface WatchTimes {
  /** To the first look, which begins at once where it is not given. Milliseconds. */
  firstMs?: number;
  /** Hints come in bursts: at least so long from the beginning of a look to the one for a hint. */
  settleMs?: number;
}

/**
 * Looks again and again, one look at a time. A hint during a look is for the one after it.
 * @param look Answers in how many milliseconds it wants to be called again; Infinity: after a hint only. Must not fail.
 * The signal is aborted by `close`.
 */
export function watch(
  look: (closing: AbortSignal) => Promise<number>,
  clock: Clock,
  { firstMs = 0, settleMs = 0 }: WatchTimes = {},
): Watch {
  const closing = new AbortController();
  let rest = new AbortController();
  let looking: Promise<void> | null = null;
  let dueAt = Infinity;
  let settledAt = 0;

  const lookBy = (at: number): void => {
    if (at >= dueAt) return;
    dueAt = at;
    arm();
  };
  const arm = (): void => {
    rest.abort();
    if (looking || closing.signal.aborted || dueAt === Infinity) return;
    rest = new AbortController();
    void restThenBegin(rest.signal);
  };
  const restThenBegin = async (interrupted: AbortSignal): Promise<void> => {
    await clock.sleep(Math.max(0, dueAt - clock.elapsed()), interrupted);
    if (!interrupted.aborted) begin();
  };
  const begin = (): void => {
    dueAt = Infinity;
    settledAt = clock.elapsed() + settleMs;
    looking = lookOnce();
  };
  const lookOnce = async (): Promise<void> => {
    const inMs = await look(closing.signal);
    looking = null;
    dueAt = Math.min(dueAt, clock.elapsed() + inMs);
    arm();
  };

  if (firstMs === 0) begin();
  else lookBy(clock.elapsed() + firstMs);
  return {
    begun: Promise.resolve(looking).then(() => undefined),
    hint: (inMs = 0) => lookBy(Math.max(settledAt, clock.elapsed() + inMs)),
    async close() {
      closing.abort();
      rest.abort();
      await looking;
    },
  };
}
