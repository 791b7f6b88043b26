import type { Time } from '../../src/adapters/slack/lanes.ts';

/** A clock that pauses move on, so that nobody waits. */
export function quickTime(): Time & { pauses: number[] } {
  let now = 1_000_000;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => now,
    pause(milliseconds) {
      pauses.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
}
