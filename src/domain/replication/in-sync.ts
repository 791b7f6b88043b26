import type { MasterLink, ReplicationView } from './view.ts';

/** Redis’s default for `repl-ping-replica-period`. Seconds. */
const DEFAULT_PING_SECONDS = 10;
/** How late a ping may be. Seconds. */
const LATE_SECONDS = 5;

/**
 * Seconds after which a link that hears nothing counts as silent. Redis itself calls it up for `repl-timeout`, 60 s by
 * default; but a master sends a ping each `repl-ping-replica-period`, written to or not (replication.c).
 * @param master The master’s settings: CONFIG GET, or its redis.conf; where neither is known, Redis’s default holds.
 */
export function silenceLimit(master: { get(directive: string): string | undefined } | null): number {
  const period = Number(master?.get('repl-ping-replica-period'));
  return (period > 0 ? period : DEFAULT_PING_SECONDS) + LATE_SECONDS;
}

/** Unknown is silent; so is −1, a link that was never heard. */
export function isSilent({ lastIoSeconds }: MasterLink, limitSeconds: number): boolean {
  return lastIoSeconds === null || lastIoSeconds < 0 || lastIoSeconds > limitSeconds;
}

/** Whether INFO and ROLE both call the link up, and no full synchronization is under way. */
export function isConnected({ up, state, syncInProgress }: MasterLink): boolean {
  return up && state === 'connected' && !syncInProgress;
}

/** A replica that has its link, hears its master, and has loaded all data: what the master writes arrives. */
export function isInSync({ master, loading }: ReplicationView, limitSeconds: number): boolean {
  return master !== null && isConnected(master) && !loading && !isSilent(master, limitSeconds);
}

/** Keys expire, are evicted and deleted between two counts: this share of a count is nearly all of it. */
const NEARLY_ALL = 0.99;

/** Whether `keys` are as many as `expected`, or nearly. A count that is not known (NaN) is not. */
export function hasNearlyAll(keys: number, expected: number): boolean {
  return keys >= expected * NEARLY_ALL;
}
