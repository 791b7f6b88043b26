import { startFailure } from './start-failure.ts';

interface Starting {
  activeState: string;
  subState: string;
  /** By systemd, since the last start by hand. */
  restarts: number;
}

/**
 * Whether systemd starts the unit over and over. The moment of the look decides whether it waits for the next start
 * (`auto-restart`) or a process is about to end (`start`): both are the loop. Only for a Redis that does not answer: one
 * that loads its data after a crash is activating, too.
 */
export function isStartLoop({ activeState, subState, restarts }: Starting): boolean {
  return activeState === 'activating' && (subState === 'auto-restart' || restarts > 0);
}

/** The loop with the last start’s own words. @param log Of Redis or the unit’s journal, newest last. */
export function startLoop(unit: string, { restarts }: Starting, log: readonly string[]): string {
  const failure = startFailure(log, []);
  const times = restarts === 1 ? 'once' : `${restarts} times`;
  return `${unit} fails at every start: systemd restarted it ${times}. ${failure ?? 'Its journal names the cause'}.`;
}
