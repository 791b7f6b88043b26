import { RedisopsError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';

/** The result of one look. A changing `progress` shows that something is happening. */
export type Seen<T> = { done: true; value: T } | { done: false; progress: string };

export interface Patience {
  everyMs: number;
  /** Maximum time without progress; with a constant `progress`, the total limit. */
  limitMs: number;
  clock: Clock;
  stop: AbortSignal | null;
  /** The error if the condition was never met. */
  givenUp(): RedisopsError;
}

/**
 * Looks repeatedly until the condition holds. An error in a look ends the wait.
 * @throws what `givenUp` makes, after `limitMs` without progress; on a stop, what `stopped` makes of it.
 */
export async function awaitCondition<T>(look: () => Promise<Seen<T>>, patience: Patience): Promise<T> {
  const { everyMs, limitMs, clock, stop } = patience;
  let progress: string | null = null;
  let deadline = 0;
  for (;;) {
    if (stop?.aborted) throw stopped(stop);
    const seen = await look();
    if (seen.done) return seen.value;
    const now = clock.elapsed();
    if (seen.progress !== progress) deadline = now + limitMs;
    progress = seen.progress;
    if (now >= deadline) throw patience.givenUp();
    await clock.sleep(Math.min(everyMs, deadline - now), stop);
  }
}

/** Why a run was stopped, if the signal says so; otherwise by a person: STOPPED. */
export function stopped({ reason }: AbortSignal): RedisopsError {
  if (reason instanceof RedisopsError) return reason;
  return new RedisopsError('STOPPED', 'The run was stopped.', {
    hint: 'Run it again: finished steps are skipped.',
  });
}
