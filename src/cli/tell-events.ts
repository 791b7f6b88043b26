import type { Emit, RunEvent } from '../domain/run/event.ts';
import { eventLine } from '../report/run/event-line.ts';

/** Readable in a terminal, without flooding a log. */
const PROGRESS_EVERY_MS = 1000;

/**
 * Prints a run’s events as lines: repeated texts are left out, and figures come once a second. `now` in milliseconds.
 */
export function eventTeller(tell: (line: string) => void, now: () => number): Emit {
  const said = new Map<number, { message: string; line: string; at: number }>();
  return (event: RunEvent) => {
    const line = eventLine(event);
    if (line === null) return;
    if (event.kind === 'step-progress') {
      const { message } = event.progress;
      const last = said.get(event.step);
      const isNew = last?.message !== message || (last.line !== line && now() - last.at >= PROGRESS_EVERY_MS);
      if (!isNew) return;
      said.set(event.step, { message, line, at: now() });
    }
    tell(line);
  };
}
