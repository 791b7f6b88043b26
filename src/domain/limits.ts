/** What a cluster’s people say of its network and of their patience: `limits` of `redisops.yml`. Times in milliseconds. */
export interface Limits {
  /** What a full synchronisation can be expected to get of the network. */
  syncBytesPerSecond: number;
  /** How fast Redis takes a snapshot into memory. */
  loadBytesPerSecond: number;
  /** How long a replica may be away and should still be able to go on from the backlog. */
  interruptionMs: number;
  /** How long a synchronisation, a save or a rewrite may show no progress before it is given up. */
  standstillMs: number;
  /** How long systemd may take to start or restart Redis, which loads its data first. */
  startMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  syncBytesPerSecond: 12_500_000,
  loadBytesPerSecond: 50_000_000,
  interruptionMs: 60_000,
  standstillMs: 60_000,
  startMs: 120_000,
};
