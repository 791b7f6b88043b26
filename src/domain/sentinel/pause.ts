import type { SentinelFile } from './sentinel-file.ts';
import { minuteOf } from '../text/minute.ts';

/** A hold on automatic failover, as noted on a Sentinel’s host. */
export interface Pause {
  /** The master’s name in Sentinel. */
  master: string;
  /** ISO 8601. The host itself ends the pause then. */
  until: string;
  /** `down-after-milliseconds` before the pause, and again afterwards. */
  downAfterMs: number;
  by: string;
  reason: string;
}

/**
 * `down-after-milliseconds` during a pause: 11 days, longer than any pause. No Sentinel calls the master down, so none
 * starts a failover. Sentinel reads its file with atoi (sentinel.c), so it has to fit 32 bits.
 */
export const PAUSED_MS = 1_000_000_000;

export const SHORTEST_PAUSE_MS = 60_000;
export const LONGEST_PAUSE_MS = 86_400_000;

/** Beside the other notes of redisops; one file per Sentinel unit and master. */
export const PAUSE_FOLDER = '/var/lib/redisops';

export function pauseNote({ master, until, downAfterMs, by, reason }: Pause): string {
  return JSON.stringify({ master, until, downAfterMs, by, reason });
}

/** `automatic failover is paused until 2025-12-03 14:05 UTC, by U0ANNA: switch upgrade`. */
export function describePause({ until, by, reason }: Pick<Pause, 'until' | 'by' | 'reason'>): string {
  return `automatic failover is paused until ${minuteOf(until)}, by ${by}: ${reason}`;
}

/** The file that Git asks for, for as long as the pauses last. */
export function whilePaused(file: SentinelFile, pauses: readonly Pause[]): SentinelFile {
  return pauses.reduce(
    (paused, { master }) => paused.withSetting(master, 'down-after-milliseconds', String(PAUSED_MS)),
    file,
  );
}
