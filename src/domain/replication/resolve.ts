import { isIpAddress } from './address.ts';
import { sh } from '../shell.ts';
import type { ResolvedNames } from './identity.ts';

/** $@ host names. Prints a name and an address, each ended by NUL, as getaddrinfo answers: Redis asks no other way (anet.c). */
export const RESOLVE_SCRIPT = sh`
for name; do
  timeout 2 getent ahosts "$name" | while read -r address _; do
    printf '%s\0%s\0' "$name" "$address"
  done
done
true
`;

/** The host names among these that may be looked up. What a node answers is not trusted to be a name. */
export function namesToResolve(hosts: readonly string[]): readonly string[] {
  const isName = (host: string): boolean => !isIpAddress(host) && /^[a-z\d_](?:[\w.-]{0,252})$/i.test(host);
  return [...new Set(hosts)].filter(isName);
}

/** What the script printed. A name that has no address is missing. */
export function parseResolved(stdout: string): ResolvedNames {
  // Behind the last NUL stands nothing, or what was cut off.
  const words = stdout.split('\0').slice(0, -1);
  const found = new Map<string, readonly string[]>();
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [name = '', address = ''] = words.slice(at, at + 2);
    const before = found.get(name) ?? [];
    if (!before.includes(address)) found.set(name, [...before, address]);
  }
  return found;
}
