import type { Clock } from '../ports/clock.ts';

export interface Watch {
  /** Something may have changed: look again within this many milliseconds. Cheap, however often it is called. */
  hint(inMs?: number): void;
  /** Resolves after the first look. */
  begun: Promise<void>;
  /** Waits for the current look, and starts no other. */
  close(): Promise<void>;
}

export interface WatchTimes {
  /** Milliseconds until the first look; default: at once. */
  firstMs?: number;
  /** Hints come in bursts: minimum time from the start of one look to the next one for a hint. */
  settleMs?: number;
}

/**
 * Looks repeatedly, one look at a time. A hint during a look leads to another look.
 * @param look Returns the milliseconds until it wants to be called again; Infinity: only after a hint. Must not throw.
 * `close` aborts the signal.
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
