import { RedisopsError } from '../../domain/error.ts';
import type { Stop } from '../../domain/run/run.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';

/** How soon a stop that was asked for anywhere reaches the worker. */
const LOOK_EVERY_MS = 500;

export function stoppedBy({ by }: Stop): RedisopsError {
  return new RedisopsError('STOPPED', `Stopped by ${by}.`, {
    hint: 'Finished steps are not undone. `/redis apply` makes the nodes match Git.',
  });
}

/** Aborted once somebody stops the run, wherever they ask. An outage of the store hides that until it answers again. */
export function watchStop(
  run: string,
  { store, log }: { store: Pick<Store, 'run'>; log: Log },
): { signal: AbortSignal; end(): void } {
  const stop = new AbortController();
  let looking = false;
  const look = async (): Promise<void> => {
    looking = true;
    const record = await store.run(run).catch((error: unknown) => {
      log.debug({ run, error }, 'could not see whether the run was stopped');
      return null;
    });
    looking = false;
    if (record?.stop) stop.abort(stoppedBy(record.stop));
  };
  const timer = setInterval(() => {
    if (!looking && !stop.signal.aborted) void look();
  }, LOOK_EVERY_MS);
  return { signal: stop.signal, end: () => clearInterval(timer) };
}
