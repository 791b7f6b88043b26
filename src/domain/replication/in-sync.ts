import type { MasterLink, ReplicationView } from './view.ts';

/** Redis’s default for `repl-ping-replica-period`, in seconds. */
const DEFAULT_PING_SECONDS = 10;
/** Tolerated delay of a ping, in seconds. */
const LATE_SECONDS = 5;

/**
 * Seconds without data after which a link counts as silent. Redis calls it up for `repl-timeout`, 60 s by default; but
 * a master pings every `repl-ping-replica-period`, even without writes (replication.c).
 * @param master The master’s settings, from CONFIG GET or redis.conf; default: Redis’s own.
 */
export function silenceLimit(master: { get(directive: string): string | undefined } | null): number {
  const period = Number(master?.get('repl-ping-replica-period'));
  return (period > 0 ? period : DEFAULT_PING_SECONDS) + LATE_SECONDS;
}

/** Unknown counts as silent; so does −1, a link that never received anything. */
export function isSilent({ lastIoSeconds }: MasterLink, limitSeconds: number): boolean {
  return lastIoSeconds === null || lastIoSeconds < 0 || lastIoSeconds > limitSeconds;
}

/** Whether INFO and ROLE both report the link up, with no full synchronization running. */
export function isConnected({ up, state, syncInProgress }: MasterLink): boolean {
  return up && state === 'connected' && !syncInProgress;
}

/** A replica with a live link and all data loaded: the master’s writes arrive. */
export function isInSync({ master, loading }: ReplicationView, limitSeconds: number): boolean {
  return master !== null && isConnected(master) && !loading && !isSilent(master, limitSeconds);
}

/** Keys expire, are evicted and deleted between two counts: this share counts as nearly all. */
const NEARLY_ALL = 0.99;

/** Whether `keys` is close to `expected`. False for an unknown count (NaN). */
export function hasNearlyAll(keys: number, expected: number): boolean {
  return keys >= expected * NEARLY_ALL;
}
