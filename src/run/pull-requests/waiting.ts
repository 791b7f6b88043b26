import type { Clock } from '../../ports/clock.ts';

interface Waiting {
  at: number;
  /** The first hint: they cannot put it off for ever. */
  since: number;
  failures: number;
}

/** Pull requests that are waited for at once; what is beyond is found with the next list. */
const MOST_WAITING = 1000;
/** So often a hint puts the look off. */
const MOST_HINTS = 5;

/** Which pull requests wait to be looked at, and until when. Times in milliseconds. */
export class WaitingPullRequests {
  readonly #waiting = new Map<number, Waiting>();
  readonly #settleMs: number;
  readonly #clock: Pick<Clock, 'elapsed'>;

  constructor(settleMs: number, clock: Pick<Clock, 'elapsed'>) {
    this.#settleMs = settleMs;
    this.#clock = clock;
  }

  /** @param failures How often it failed so far; as it was where that is not given. */
  put(number: number, afterMs: number, failures = this.#waiting.get(number)?.failures ?? 0): void {
    const known = this.#waiting.get(number);
    if (!known && this.#waiting.size >= MOST_WAITING) return;
    const now = this.#clock.elapsed();
    const since = known?.since ?? now;
    const latest = since + Math.max(afterMs, MOST_HINTS * this.#settleMs);
    this.#waiting.set(number, { at: Math.max(now, Math.min(now + afterMs, latest)), since, failures });
  }

  /** Those that are due, one after the other. Each waits no more, unless it is put again meanwhile. */
  *due(): Generator<{ number: number; failures: number }> {
    for (const [number, { at, failures }] of this.#waiting) {
      if (at > this.#clock.elapsed()) continue;
      this.#waiting.delete(number);
      yield { number, failures };
    }
  }

  /** Until the first is due; Infinity where none waits. */
  firstInMs(): number {
    return Math.max(0, Math.min(...[...this.#waiting.values()].map(({ at }) => at)) - this.#clock.elapsed());
  }
}
