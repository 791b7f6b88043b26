import { setTimeout as delay } from 'node:timers/promises';
import { RedisopsError } from '../../domain/error.ts';

/** Time as waiting needs it: monotonic milliseconds, and a sleep that a stop ends at once. */
export interface Pace {
  now(): number;
  sleep(milliseconds: number, stop: AbortSignal | null): Promise<void>;
}

export const REAL_PACE: Pace = {
  now: () => performance.now(),
  // Ended early by a stop: whoever waits looks at the signal next.
  sleep: (milliseconds, stop) => delay(milliseconds, undefined, stop ? { signal: stop } : {}).catch(() => {}),
};

/** What one look found. As long as `progress` changes, something goes on. */
export type Seen<T> = { done: true; value: T } | { done: false; progress: string };

export interface Patience {
  everyMs: number;
  /** How long nothing may change; for a constant `progress`, how long it may take at all. */
  limitMs: number;
  pace: Pace;
  stop: AbortSignal | null;
  /** Says what was waited for in vain. */
  givenUp(): RedisopsError;
}

/**
 * Looks again and again until the condition holds. A look that throws ends the wait.
 * @throws what `givenUp` makes when nothing changed for `limitMs`; on a stop, what `stopped` makes of it.
 */
export async function awaitCondition<T>(look: () => Promise<Seen<T>>, patience: Patience): Promise<T> {
  const { everyMs, limitMs, pace, stop } = patience;
  let progress: string | null = null;
  let deadline = 0;
  for (;;) {
    if (stop?.aborted) throw stopped(stop);
    const seen = await look();
    if (seen.done) return seen.value;
    const now = pace.now();
    if (seen.progress !== progress) deadline = now + limitMs;
    progress = seen.progress;
    if (now >= deadline) throw patience.givenUp();
    await pace.sleep(Math.min(everyMs, deadline - now), stop);
  }
}

/** Why a run was stopped, where the signal says it; else a person did: STOPPED. */
export function stopped({ reason }: AbortSignal): RedisopsError {
  if (reason instanceof RedisopsError) return reason;
  return new RedisopsError('STOPPED', 'The run was stopped.', {
    hint: 'Run it again: finished steps are skipped.',
  });
}
