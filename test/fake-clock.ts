import type { Clock } from '../src/ports/clock.ts';

/** A clock on which time passes only while somebody sleeps. */
export function fakeClock(start = '2026-01-01T00:00:00Z'): Clock & { slept: number[] } {
  const slept: number[] = [];
  let elapsed = 0;
  return {
    slept,
    now: () => new Date(Date.parse(start) + elapsed),
    elapsed: () => elapsed,
    sleep: (milliseconds) => {
      slept.push(milliseconds);
      elapsed += milliseconds;
      return Promise.resolve();
    },
  };
}
