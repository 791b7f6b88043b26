import type { Progress } from '../../domain/run/event.ts';

/** The window for the rate, so that a slower network shows. */
const WINDOW_MS = 10_000;
/** Less says nothing about the rate. */
const LEAST_MS = 1000;

interface Mark {
  at: number;
  doneBytes: number;
}

/** Estimates the time left for a byte count from its last seconds. Another message, or a falling count, starts over. */
export class PaceOfProgress {
  #message = '';
  #marks: readonly Mark[] = [];

  /** The progress with the seconds left, if known. `now` in milliseconds. */
  timed(progress: Progress, now: number): Progress {
    const { message, doneBytes, totalBytes = 0 } = progress;
    if (doneBytes === undefined) return progress;
    const isAnother = message !== this.#message || doneBytes < (this.#marks.at(-1)?.doneBytes ?? 0);
    const before = isAnother ? [] : this.#marks.filter(({ at }) => now - at <= WINDOW_MS);
    this.#message = message;
    this.#marks = [...before, { at: now, doneBytes }];
    const [first] = before;
    if (!first || now - first.at < LEAST_MS || doneBytes <= first.doneBytes || totalBytes < doneBytes) return progress;
    const perMillisecond = (doneBytes - first.doneBytes) / (now - first.at);
    return { ...progress, secondsLeft: Math.ceil((totalBytes - doneBytes) / perMillisecond / 1000) };
  }
}

/** A byte count and its total; unknown figures are left out. */
export function bytesProgress(message: string, doneBytes: number | null, totalBytes: number | null): Progress {
  if (doneBytes === null) return { message };
  return { message, doneBytes, ...(totalBytes !== null && totalBytes > 0 ? { totalBytes } : {}) };
}
