import type { Clock } from '../../ports/clock.ts';

interface Waiting {
  at: number;
  /** Time of the first hint: later ones cannot postpone the look forever. */
  since: number;
  failures: number;
}

/** Maximum number waiting at once; the next list finds the others. */
const MOST_WAITING = 1000;
/** How many times a hint may postpone the look. */
const MOST_HINTS = 5;

/** Pull requests waiting to be planned, and until when. Times in milliseconds. */
export class WaitingPullRequests {
  readonly #waiting = new Map<number, Waiting>();
  readonly #settleMs: number;
  readonly #clock: Pick<Clock, 'elapsed'>;

  constructor(settleMs: number, clock: Pick<Clock, 'elapsed'>) {
    this.#settleMs = settleMs;
    this.#clock = clock;
  }

  /** @param failures Number of failures so far; default: unchanged. */
  put(number: number, afterMs: number, failures = this.#waiting.get(number)?.failures ?? 0): void {
    const known = this.#waiting.get(number);
    if (!known && this.#waiting.size >= MOST_WAITING) return;
    const now = this.#clock.elapsed();
    const since = known?.since ?? now;
    const latest = since + Math.max(afterMs, MOST_HINTS * this.#settleMs);
    this.#waiting.set(number, { at: Math.max(now, Math.min(now + afterMs, latest)), since, failures });
  }

  /** Those that are due; each is removed unless it is put again meanwhile. */
  *due(): Generator<{ number: number; failures: number }> {
    for (const [number, { at, failures }] of this.#waiting) {
      if (at > this.#clock.elapsed()) continue;
      this.#waiting.delete(number);
      yield { number, failures };
    }
  }

  /** Milliseconds until the first is due; Infinity if none is waiting. */
  firstInMs(): number {
    return Math.max(0, Math.min(...[...this.#waiting.values()].map(({ at }) => at)) - this.#clock.elapsed());
  }
}
