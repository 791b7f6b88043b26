/**
 * Assumptions about a cluster’s network and the time it may take: `limits` in `redisops.yml`. Times in milliseconds.
 */
export interface Limits {
  /** Expected network rate of a full synchronization. */
  syncBytesPerSecond: number;
  /** Expected rate at which Redis loads a snapshot. */
  loadBytesPerSecond: number;
  /** Outage after which a replica should still be able to continue from the backlog. */
  interruptionMs: number;
  /** Time without progress after which a synchronization, save or rewrite fails. */
  standstillMs: number;
  /** Time systemd may take to start or restart Redis, loading included. */
  startMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  syncBytesPerSecond: 12_500_000,
  loadBytesPerSecond: 50_000_000,
  interruptionMs: 60_000,
  standstillMs: 60_000,
  startMs: 120_000,
};
