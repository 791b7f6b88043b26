import type { RunEvent } from '../../domain/run/event.ts';
import { amount, duration, listed } from '../text/format.ts';
import { oneLine } from '../text/plain-text.ts';

/** An event as one line for a terminal; null if not worth a line. */
export function eventLine(event: RunEvent): string | null {
  switch (event.kind) {
    case 'planned':
    case 'step-started':
      return null;
    case 'putting-back':
      return oneLine(puttingBack(event.nodes));
    case 'verified':
      return `Verified: ${event.verification.verdict}`;
    case 'step-progress':
    case 'step-finished':
    case 'step-failed':
      return oneLine(`[${event.step}/${event.of}] ${event.action.node}: ${stepText(event)}`);
  }
}

export function puttingBack(nodes: readonly string[]): string {
  return nodes.length === 0 ? 'Writing the current roles to the files.' : `Restoring ${listed(nodes)}.`;
}

function stepText(event: Extract<RunEvent, { kind: 'step-progress' | 'step-finished' | 'step-failed' }>): string {
  const { summary } = event.action;
  switch (event.kind) {
    case 'step-progress':
      return `${summary}: ${event.progress.message}${inBrackets(amount(event.progress))}`;
    case 'step-finished':
      return `${summary}: ${event.changed ? 'changed' : 'ok'} (${duration(event.durationMs)})`;
    case 'step-failed':
      return `${summary}: failed: ${event.error.message} (${event.error.code})`;
  }
}

function inBrackets(text: string | null): string {
  return text === null ? '' : ` (${text})`;
}
