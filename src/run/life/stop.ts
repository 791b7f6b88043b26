import { RedisopsError } from '../../domain/error.ts';
import type { Stop } from '../../domain/run/run.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';
import type { Clock } from '../../ports/clock.ts';

/** Milliseconds until the worker notices a stop request. */
const LOOK_EVERY_MS = 500;

export function stoppedBy({ by }: Stop): RedisopsError {
  return new RedisopsError('STOPPED', `Stopped by ${by}.`, {
    hint: 'Finished steps are not undone. `/redis apply` makes the nodes match Git.',
  });
}

/** Aborts once anyone stops the run, from anywhere. While the store is down, a stop goes unnoticed. */
export function watchStop(
  run: string,
  { store, log, clock }: { store: Pick<Store, 'run'>; log: Log; clock: Clock },
): { signal: AbortSignal; end(): void } {
  const stop = new AbortController();
  const ended = new AbortController();
  const look = async (): Promise<void> => {
    const record = await store.run(run).catch((error: unknown) => {
      log.debug({ run, error }, 'could not see whether the run was stopped');
      return null;
    });
    if (record?.stop) stop.abort(stoppedBy(record.stop));
  };
  const lookOften = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(LOOK_EVERY_MS, ended.signal);
      if (ended.signal.aborted || stop.signal.aborted) return;
      await look();
    }
  };
  void lookOften();
  return { signal: stop.signal, end: () => ended.abort() };
}
