import { setTimeout as pause } from 'node:timers/promises';

/** @throws What `late` makes, where the promise takes longer. */
export async function within<T>(milliseconds: number, promise: Promise<T>, late: () => Error): Promise<T> {
  const timer = new AbortController();
  const timeout = pause(milliseconds, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw late();
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    timeout.catch(() => undefined);
    timer.abort();
  }
}
