import { setTimeout as delay } from 'node:timers/promises';

/** Time as the probe needs it: monotonic milliseconds. */
export interface Pace {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const REAL_PACE: Pace = { now: () => performance.now(), sleep: (milliseconds) => delay(milliseconds) };

const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 50;

/** Looks again, at growing distances, until what is seen will do or the time is up; answers what was seen last. */
export async function poll<T>(
  look: () => Promise<T>,
  willDo: (seen: T) => boolean,
  limitMs: number,
  pace: Pace,
): Promise<T> {
  const deadline = pace.now() + limitMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const seen = await look();
    if (willDo(seen) || pace.now() >= deadline) return seen;
    await pace.sleep(pause);
  }
}
