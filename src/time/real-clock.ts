import type { Clock } from '../ports/clock.ts';

export const realClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  sleep: (milliseconds, stop) =>
    new Promise((resolve) => {
      if (stop?.aborted) return resolve();
      const end = (): void => {
        clearTimeout(timer);
        stop?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, Math.ceil(milliseconds));
      stop?.addEventListener('abort', end);
    }),
};
