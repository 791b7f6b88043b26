import { isIpAddress } from './address.ts';
import { sh } from '../shell.ts';
import type { ResolvedNames } from './identity.ts';

/**
 * $@ host names. Prints a name and an address, each terminated by NUL, as returned by getaddrinfo, which Redis uses too
 * (anet.c).
 */
export const RESOLVE_SCRIPT = sh`
for name; do
  timeout 2 getent ahosts "$name" | while read -r address _; do
    printf '%s\0%s\0' "$name" "$address"
  done
done
true
`;

/** The host names that may be looked up. A node’s reply is not trusted to be a name. */
export function namesToResolve(hosts: readonly string[]): readonly string[] {
  const isName = (host: string): boolean => !isIpAddress(host) && /^[a-z\d_](?:[\w.-]{0,252})$/i.test(host);
  return [...new Set(hosts)].filter(isName);
}

/** Parses the script’s output. Unresolvable names are missing. */
export function parseResolved(stdout: string): ResolvedNames {
  // The part after the last NUL is empty or truncated.
  const words = stdout.split('\0').slice(0, -1);
  const found = new Map<string, readonly string[]>();
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [name = '', address = ''] = words.slice(at, at + 2);
    const before = found.get(name) ?? [];
    if (!before.includes(address)) found.set(name, [...before, address]);
  }
  return found;
}
