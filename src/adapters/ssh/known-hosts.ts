import { createHmac, timingSafeEqual } from 'node:crypto';

/** A usable line of an OpenSSH known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  /** Patterns, or one hashed name (`|1|salt|hash`). */
  hosts: readonly string[];
  revoked: boolean;
  /** `ssh-ed25519`, … */
  type: string;
  key: Buffer;
}

export function parseKnownHosts(text: string): readonly KnownHost[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const words = line.trim().split(/\s+/);
    if (words[0] === '' || words[0]?.startsWith('#')) return [];
    const revoked = words[0] === '@revoked';
    // Certificate authorities are not supported: their keys count as unknown.
    if (words[0]?.startsWith('@') && !revoked) return [];
    const [hosts = '', type = '', key = ''] = revoked ? words.slice(1) : words;
    return key === '' ? [] : [{ hosts: hosts.split(','), revoked, type, key: Buffer.from(key, 'base64') }];
  });
}

/** The lines for this host, named in OpenSSH’s stored form. */
export function entriesFor(known: readonly KnownHost[], host: string, port: number): readonly KnownHost[] {
  const name = (port === 22 ? host : `[${host}]:${port}`).toLowerCase();
  return known.filter(({ hosts }) => {
    const negated = hosts.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
    if (negated.some((pattern) => matches(pattern, name))) return false;
    return hosts.some((pattern) => !pattern.startsWith('!') && matches(pattern, name));
  });
}

function matches(pattern: string, name: string): boolean {
  const hashed = /^\|1\|([^|]+)\|([^|]+)$/.exec(pattern);
  if (!hashed) return matchesGlob(pattern.toLowerCase(), name);
  const expected = Buffer.from(hashed[2] ?? '', 'base64');
  const actual = createHmac('sha1', Buffer.from(hashed[1] ?? '', 'base64'))
    .update(name)
    .digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** `*` and `?`; brackets are literal, as in `[10.0.0.1]:2222`. */
function matchesGlob(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === name;
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(name);
}

/** Whether the key is listed for the host, and not revoked. */
export function isTrusted(entries: readonly KnownHost[], key: Buffer): boolean {
  const same = entries.filter((entry) => entry.key.equals(key));
  return same.length > 0 && same.every(({ revoked }) => !revoked);
}
