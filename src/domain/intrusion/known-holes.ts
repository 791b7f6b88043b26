/** A hole of Redis by which a client runs code on the host, and the versions that close it. */
interface Hole {
  id: string;
  what: string;
  /** By release line: the first version without it. A line that is not listed never had it, or is newer than the last. */
  fixedIn: Readonly<Record<string, number>>;
  /** The last line that had it. */
  last: string;
  /** The upstream version and revision of Debian’s package that closes it. */
  debian: Readonly<Record<string, number>>;
}

/**
 * Only holes that let a client out of Redis. Sources: Redis’s advisories
 * (https://redis.io/blog/security-advisory-cve-2025-49844/, 00-RELEASENOTES of 7.2.11, 7.4.6, 8.0.4 and 8.2.2, and of
 * 7.2.10, 7.4.5 and 8.0.3),
 * https://security-tracker.debian.org/tracker/source-package/redis.
 */
const HOLES: readonly Hole[] = [
  {
    id: 'CVE-2025-49844',
    what: 'a Lua script runs code on the host',
    fixedIn: { '7.2': 11, '7.4': 6, '8.0': 4, '8.2': 2 },
    last: '8.2',
    debian: { '7.0.15-1~deb12u': 6, '8.0.2-3': 1 },
  },
  {
    id: 'CVE-2025-32023',
    what: 'a HyperLogLog command runs code on the host',
    fixedIn: { '7.2': 10, '7.4': 5, '8.0': 3 },
    last: '8.0',
    debian: { '7.0.15-1~deb12u': 5, '8.0.2-3': 0 },
  },
];

/**
 * The known holes of a running Redis: `CVE-2025-49844 (…)`. Empty for a version that cannot be placed.
 * @param version INFO’s `redis_version`. @param packaged Debian’s version, if its package is installed.
 */
export function knownHoles(version: string, packaged: string | undefined): readonly string[] {
  return HOLES.filter((hole) => isOpen(hole, version, packaged)).map(({ id, what }) => `${id} (${what})`);
}

function isOpen({ fixedIn, last, debian }: Hole, version: string, packaged: string | undefined): boolean {
  const [, line, patch] = /^(\d{1,4}\.\d{1,4})\.(\d{1,6})$/.exec(version) ?? [];
  if (line === undefined) return false;
  const backported = Object.entries(debian).find(([prefix]) => packaged?.replace(/^\d+:/, '').startsWith(prefix));
  if (backported && packaged?.includes(version)) return revisionOf(packaged) < backported[1];
  if (placeOf(line) > placeOf(last)) return false;
  const fixed = fixedIn[line];
  return fixed === undefined || Number(patch) < fixed;
}

function placeOf(line: string): number {
  const [major = 0, minor = 0] = line.split('.').map(Number);
  return major * 1000 + minor;
}

/** `6` in `5:7.0.15-1~deb12u6`. */
function revisionOf(packaged: string): number {
  return Number(/u(\d{1,4})$/.exec(packaged)?.[1] ?? 0);
}
