/** The versions that INFO names. */
interface Running {
  version: string;
  valkeyVersion?: string;
}

/** RDB versions by the first version that writes them (`RDB_VERSION` in rdb.h), newest first. */
const REDIS: readonly (readonly [number, number])[] = [
  [7.4, 12],
  [7.2, 11],
  [7, 10],
];
/** Valkey 9 skips the numbers that Redis took after their ways parted. */
const VALKEY: readonly (readonly [number, number])[] = [
  [9, 80],
  [7.2, 11],
];

/** The newest snapshot that a server reads, and writes; null for a version that is not a number. */
export function snapshotVersion({ version, valkeyVersion }: Running): number | null {
  const [, release] = /^(\d{1,3}\.\d{1,3})/.exec(valkeyVersion ?? version) ?? [];
  if (release === undefined) return null;
  const table = valkeyVersion === undefined ? REDIS : VALKEY;
  return table.find(([since]) => Number(release) >= since)?.[1] ?? null;
}

/**
 * Whether a replica can load the master’s snapshot. Neither server reads the other’s newer ones: Redis knows nothing of
 * Valkey 9’s, and Valkey refuses what Redis 7.4 and later write. Unknown versions count as readable.
 */
export function readsSnapshotOf(replica: Running, master: Running): boolean {
  const [reads, writes] = [snapshotVersion(replica), snapshotVersion(master)];
  if (reads === null || writes === null) return true;
  const isOtherServer = (replica.valkeyVersion === undefined) !== (master.valkeyVersion === undefined);
  const lastCommon = 11;
  return writes <= (isOtherServer ? Math.min(reads, lastCommon) : reads);
}
