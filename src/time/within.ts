/**
 * The promise’s outcome, or the error from `late` after the time limit; the promise itself continues unobserved.
 * @param options `ref: false`: this wait alone does not keep the program alive.
 */
export function within<T>(
  milliseconds: number,
  promise: Promise<T>,
  late: () => Error,
  { ref = true } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), milliseconds);
    if (!ref) timer.unref();
    void promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Waits for the promise to settle, but no longer than this. Returns whether it settled in time. */
export function atMost(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    const ended = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    promise.then(ended, ended);
  });
}
