import type { Progress } from '../../domain/run/event.ts';

/** How far back the pace is taken from: a network that got slower shows. */
const WINDOW_MS = 10_000;
/** Less says nothing of the pace. */
const LEAST_MS = 1000;

interface Mark {
  at: number;
  doneBytes: number;
}

/** How long a count of bytes will still take, by its last seconds. Another message, or a count that fell, begins anew. */
export class PaceOfProgress {
  #message = '';
  #marks: readonly Mark[] = [];

  /** The progress with the seconds that are left, where they can be told. `now` in milliseconds. */
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

/** A count of bytes, out of a total; of what is not known, nothing is said. */
export function bytesProgress(message: string, doneBytes: number | null, totalBytes: number | null): Progress {
  if (doneBytes === null) return { message };
  return { message, doneBytes, ...(totalBytes !== null && totalBytes > 0 ? { totalBytes } : {}) };
}
