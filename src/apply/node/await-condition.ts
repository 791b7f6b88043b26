import { RedisopsError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';

/** What one look found. As long as `progress` changes, something goes on. */
export type Seen<T> = { done: true; value: T } | { done: false; progress: string };

export interface Patience {
  everyMs: number;
  /** How long nothing may change; for a constant `progress`, how long it may take at all. */
  limitMs: number;
  clock: Clock;
  stop: AbortSignal | null;
  /** Says what was waited for in vain. */
  givenUp(): RedisopsError;
}

/**
 * Looks again and again until the condition holds. A look that throws ends the wait.
 * @throws what `givenUp` makes when nothing changed for `limitMs`; on a stop, what `stopped` makes of it.
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

/** Why a run was stopped, where the signal says it; else a person did: STOPPED. */
export function stopped({ reason }: AbortSignal): RedisopsError {
  if (reason instanceof RedisopsError) return reason;
  return new RedisopsError('STOPPED', 'The run was stopped.', {
    hint: 'Run it again: finished steps are skipped.',
  });
}
