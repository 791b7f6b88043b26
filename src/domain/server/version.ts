/** The versions that INFO names. Valkey names 7.2.4 as `redis_version`, whatever its own is. */
export interface RunningVersion {
  version: string;
  valkeyVersion?: string;
}

/** Its own version: Valkey’s of Valkey. */
export function ownVersion({ version, valkeyVersion }: RunningVersion): string {
  return valkeyVersion ?? version;
}

/** As people write it: `Redis 7.0.15`, `Valkey 8.1.1`. */
export function namedVersion(running: RunningVersion): string {
  return `${running.valkeyVersion === undefined ? 'Redis' : 'Valkey'} ${ownVersion(running)}`;
}

export function isSameServer(one: RunningVersion, other: RunningVersion): boolean {
  return (one.valkeyVersion === undefined) === (other.valkeyVersion === undefined);
}

/** Whether one is older: `7.0.15` than `7.2.4`. Redis and Valkey are compared by the version of Redis that both name. */
export function isOlder(running: RunningVersion, than: RunningVersion): boolean {
  const compared = isSameServer(running, than)
    ? [ownVersion(running), ownVersion(than)]
    : [running.version, than.version];
  const [one, other] = compared.map((text) => text.split('.').map(Number));
  for (const at of [0, 1, 2]) {
    const difference = (one?.[at] ?? 0) - (other?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
