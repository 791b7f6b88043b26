import { isSameServer, ownVersion, type RunningVersion } from './version.ts';

/**
 * Snapshot formats by the first release that writes them, newest first: `RDB_VERSION` of src/rdb.h at the tags of
 * https://github.com/redis/redis.
 */
const REDIS: readonly (readonly [major: number, minor: number, format: number])[] = [
  [8, 10, 15],
  [8, 8, 14],
  [8, 6, 13],
  [7, 4, 12],
  [7, 2, 11],
  [7, 0, 10],
];
/** `RDB_VERSION_MAP` of https://github.com/valkey-io/valkey. It leaves 12 to 79 to Redis. */
const VALKEY: typeof REDIS = [
  [9, 2, 81],
  [9, 0, 80],
  [7, 2, 11],
];
/** The newest format that both servers read. */
const LAST_COMMON = 11;

/** The newest snapshot that a server reads, and writes; null for a version that is not a number. */
export function snapshotVersion(running: RunningVersion): number | null {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})/.exec(ownVersion(running)) ?? [];
  if (major === undefined) return null;
  const table = running.valkeyVersion === undefined ? REDIS : VALKEY;
  const isSince = (release: (typeof REDIS)[number]): boolean =>
    Number(major) > release[0] || (Number(major) === release[0] && Number(minor) >= release[1]);
  return table.find(isSince)?.[2] ?? null;
}

/**
 * Whether a replica can load the master’s snapshot. Neither server reads the other’s newer ones: Redis does not know
 * Valkey 9’s, and Valkey refuses what Redis 7.4 and later write. Unknown versions count as readable. Valkey from 9.1 on
 * sends older formats to older replicas, but only without a disk and while no key needs the newer format: not relied on.
 */
export function readsSnapshotOf(replica: RunningVersion, master: RunningVersion): boolean {
  const [reads, writes] = [snapshotVersion(replica), snapshotVersion(master)];
  if (reads === null || writes === null) return true;
  return writes <= (isSameServer(replica, master) ? reads : Math.min(reads, LAST_COMMON));
}
