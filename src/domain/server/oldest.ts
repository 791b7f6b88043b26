/** The oldest major version of Redis that redisops runs: it needs ACL DRYRUN, multiple CONFIG SET and shutdown-on-sigterm. */
export const OLDEST_MAJOR = 7;

/** `6.0.16` of `5:6.0.16-1+deb11u2`; null without a package. */
export function upstreamOf(version = ''): string | null {
  return /^(?:\d{1,9}:)?(\d{1,9}[^-+]{0,40})/.exec(version)?.[1] ?? null;
}
