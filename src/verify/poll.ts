import type { Clock } from '../ports/clock.ts';

const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 50;

/** Looks repeatedly, at growing intervals, until the result is accepted or time is up; returns the last result. */
export async function poll<T>(
  look: () => Promise<T>,
  willDo: (seen: T) => boolean,
  limitMs: number,
  clock: Clock,
): Promise<T> {
  const deadline = clock.elapsed() + limitMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const seen = await look();
    if (willDo(seen) || clock.elapsed() >= deadline) return seen;
    await clock.sleep(pause);
  }
}
