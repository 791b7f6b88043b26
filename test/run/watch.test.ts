import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watch, type WatchTimes } from '../../src/run/watch.ts';
import { realClock } from '../../src/time/real-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const EVERY_MS = 60_000;

/** Looks that take so long, with the times at which each one began. */
function watched(times: WatchTimes = {}, { tookMs = 0, nextMs = EVERY_MS } = {}) {
  const began: number[] = [];
  const since = Date.now();
  let atOnce = 0;
  const looks = watch(
    async () => {
      began.push(Date.now() - since);
      atOnce += 1;
      expect(atOnce).toBe(1);
      if (tookMs > 0) await new Promise((resolve) => setTimeout(resolve, tookMs));
      atOnce -= 1;
      return nextMs;
    },
    realClock,
    times,
  );
  return { looks, began };
}

describe('a watch', () => {
  it('looks at once, and again when the look wants to', async () => {
    const { looks, began } = watched({}, { tookMs: 5000 });
    await vi.advanceTimersByTimeAsync(140_000);
    expect(began).toEqual([0, 65_000, 130_000]);
    await looks.close();
  });

  it('delays the first look if told to', async () => {
    const { looks, began } = watched({ firstMs: 15_000 });
    await looks.begun;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(began).toEqual([15_000]);
    await looks.close();
  });

  it('has begun when its first look is over', async () => {
    const { looks } = watched({}, { tookMs: 5000 });
    let begun = false;
    void looks.begun.then(() => (begun = true));
    await vi.advanceTimersByTimeAsync(4999);
    expect(begun).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toBe(true);
    await looks.close();
  });

  it('looks once for a burst of hints, and not sooner than it settled', async () => {
    const { looks, began } = watched({ settleMs: 1000 });
    await vi.advanceTimersByTimeAsync(200);
    for (let hints = 0; hints < 1000; hints += 1) looks.hint();
    await vi.advanceTimersByTimeAsync(5000);
    expect(began).toEqual([0, 1000]);
    looks.hint();
    await vi.advanceTimersByTimeAsync(0);
    expect(began).toEqual([0, 1000, 5200]);
    await looks.close();
  });

  it('looks again after the current look for a hint in between', async () => {
    const { looks, began } = watched({}, { tookMs: 5000 });
    await vi.advanceTimersByTimeAsync(1000);
    looks.hint();
    await vi.advanceTimersByTimeAsync(10_000);
    // A timer that is due at once fires a millisecond later.
    expect(began).toEqual([0, 5001]);
    await looks.close();
  });

  it('is never put off by a hint', async () => {
    const { looks, began } = watched({}, { nextMs: 1000 });
    await vi.advanceTimersByTimeAsync(1);
    looks.hint(30_000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(began).toEqual([0, 1000]);
    await looks.close();
  });

  it('that waits for a hint looks after none', async () => {
    const { looks, began } = watched({}, { nextMs: Infinity });
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(began).toEqual([0]);
    looks.hint(2000);
    await vi.advanceTimersByTimeAsync(2000);
    expect(began).toEqual([0, 86_402_000]);
    await looks.close();
  });

  it('ends with the current look, and signals it', async () => {
    let end = (): void => undefined;
    let signal: AbortSignal | null = null;
    const looks = watch((closing) => {
      signal = closing;
      return new Promise((resolve) => (end = () => resolve(0)));
    }, realClock);
    looks.hint();
    let closed = false;
    const closing = looks.close().then(() => (closed = true));
    await vi.advanceTimersByTimeAsync(1000);
    expect([closed, signal]).toMatchObject([false, { aborted: true }]);
    end();
    await closing;
    looks.hint();
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('makes one look at a time, and one for the last hint, in any order of events', async () => {
    const steps = fc.array(fc.record({ afterMs: fc.nat(3000), inMs: fc.nat(2000) }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(2000), fc.nat(2000), async (hints, tookMs, settleMs) => {
        const since = Date.now();
        const { looks, began } = watched({ settleMs }, { tookMs });
        for (const { afterMs, inMs } of hints) {
          await vi.advanceTimersByTimeAsync(afterMs);
          looks.hint(inMs);
        }
        const lastHint = Date.now() - since;
        await vi.advanceTimersByTimeAsync(2000 + tookMs + settleMs);
        if (hints.length > 0) expect(began.at(-1)).toBeGreaterThanOrEqual(lastHint);
        for (const [at, time] of began.entries())
          if (at > 0) expect(time - (began[at - 1] ?? 0)).toBeGreaterThanOrEqual(Math.max(tookMs, settleMs));
        const closed = looks.close();
        await vi.advanceTimersByTimeAsync(tookMs);
        await closed;
      }),
      { numRuns: 50 },
    );
  });
});
