import type { RunEvent } from '../domain/event.ts';

/** One event as one line for a terminal; null for what a line would not help. */
export function eventLine(event: RunEvent): string | null {
  switch (event.kind) {
    case 'planned':
      return null;
    case 'step-started':
      return null;
    case 'step-progress':
      return `[${event.step}/${event.of}] ${event.action.node}: ${event.progress.message}`;
    case 'step-finished': {
      const state = event.changed ? 'changed' : 'ok';
      return `[${event.step}/${event.of}] ${event.action.node}: ${event.action.summary}: ${state} (${event.durationMs} ms)`;
    }
    case 'step-failed':
      return `[${event.step}/${event.of}] ${event.action.node}: ${event.action.summary}: FAILED ${event.error.code}`;
    case 'verified':
      return `verified: ${event.verification.verdict}`;
  }
}
