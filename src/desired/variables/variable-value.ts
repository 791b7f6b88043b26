import { SERVER_NAMES, type ServerName } from '../../domain/server/server.ts';
import { isIP, SocketAddress } from 'node:net';
import { directiveKind } from '../../domain/redis/directive-kind.ts';
import { memoryBytes } from '../../domain/redis/directive-value.ts';
import { Secret } from '../../domain/secret.ts';
import { systemFolderMistake } from '../directives/data-folder.ts';
import { quoted } from '../../jinja/index.ts';
import type { Scalar, Value } from '../yaml/value.ts';

/** A value as read, or what is wrong with it. */
export type Read<T> = { ok: true; value: T } | { ok: false; message: string };

export function good<T>(value: T): Read<T> {
  return { ok: true, value };
}

export function bad(message: string): { ok: false; message: string } {
  return { ok: false, message };
}

/** The value as it may appear in a message. */
export function seen(value: Value): string {
  if (value.kind === 'scalar' && !value.confidential) return quoted(textOf(value));
  return value.kind === 'mapping' || value.kind === 'sequence' ? 'several values' : 'the vaulted value';
}

/** Scalars as text. Refuses line breaks and control characters, which could smuggle directives into a file. */
export function readText(value: Value): Read<string> {
  if (value.kind === 'mapping' || value.kind === 'sequence') return bad('must be a single value');
  if (value.kind === 'scalar' && value.value === null) return bad('has no value');
  const opened = value.kind === 'vaulted' ? value.open() : good(textOf(value));
  if (!opened.ok) return opened;
  const text = opened.value;
  if (/\{[{%#]/.test(text) && !(value.kind === 'scalar' && value.literal))
    return bad('has a Jinja expression, which is not supported in this place yet: write the value, or tag it !unsafe');
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(text)) return bad('has a line break or a control character');
  if (text.length > 1000) return bad('is longer than 1,000 characters');
  return opened;
}

function textOf({ value, source }: Scalar): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return source;
}

/** Booleans as in Ansible: YAML’s, and the same words in quotes. */
export function readBoolean(value: Value): Read<boolean> {
  const text = readText(value);
  if (!text.ok) return text;
  if (/^(?:yes|true|on|y|t|1)$/i.test(text.value)) return good(true);
  if (/^(?:no|false|off|n|f|0)$/i.test(text.value)) return good(false);
  return bad(`must be true or false, not ${seen(value)}`);
}

export function readPort(value: Value): Read<number> {
  const text = readText(value);
  if (!text.ok) return text;
  const port = /^[1-9]\d{0,4}$/.test(text.value) ? Number(text.value) : 0;
  return port >= 1 && port <= 65_535 ? good(port) : bad(`must be a port from 1 to 65535, not ${seen(value)}`);
}

/** Unreachable addresses: unspecified, multicast, broadcast. */
const NOBODY = /^(?:0\.|22[4-9]\.|23\d\.|255\.|::$|ff)/i;

/** Normalizes the address. */
export function readAddress(value: Value): Read<string> {
  const text = readText(value);
  if (!text.ok) return text;
  const family = isIP(text.value);
  if (family === 0) return bad(`must be an IP address, not ${seen(value)}: names need not resolve on the nodes`);
  if (text.value.includes('%')) return bad(`must be an address without a zone, not ${seen(value)}`);
  if (NOBODY.test(text.value)) return bad(`is not the address of a host: ${seen(value)}`);
  if (family === 4) return text;
  return good(new SocketAddress({ address: text.value, family: 'ipv6' }).address);
}

export function readMemory(directive: string): (value: Value) => Read<string> {
  return (value) => {
    const text = readText(value);
    if (!text.ok) return text;
    const kind = directiveKind(directive);
    const bytes = memoryBytes(text.value);
    if (bytes === null) return bad(`must be a size such as 256mb or 2gb, not ${seen(value)}`);
    return kind.kind === 'memory' && bytes < kind.from
      ? bad(`must be at least ${kind.from}, not ${seen(value)}`)
      : text;
  };
}

export function readEvictionPolicy(value: Value): Read<string> {
  const text = readText(value);
  if (!text.ok) return text;
  const kind = directiveKind('maxmemory-policy');
  const policies = kind.kind === 'choice' ? kind.of : [];
  return policies.includes(text.value.toLowerCase())
    ? good(text.value.toLowerCase())
    : bad(`must be one of ${policies.join(', ')}, not ${seen(value)}`);
}

export function readServer(value: Value): Read<ServerName> {
  const text = readText(value);
  if (!text.ok) return text;
  const name = SERVER_NAMES.find((each) => each === text.value.toLowerCase());
  return name ? good(name) : bad(`must be one of ${SERVER_NAMES.join(', ')}, not ${seen(value)}`);
}

/** A folder for Redis alone. */
export function readFolder(value: Value): Read<string> {
  const text = readText(value);
  if (!text.ok) return text;
  const path = text.value.replace(/(.)\/$/, '$1');
  if (!/^(?:\/[\w.-]+)+$/.test(path) || path.length > 200)
    return bad(`must be an absolute path of letters, digits, ".", "_" and "-", not ${seen(value)}`);
  const mistake = systemFolderMistake(path);
  return mistake === null ? good(path) : bad(`${mistake}: ${seen(value)}`);
}

/** Listen addresses as in redis.conf: `*`, `-::1`, addresses; a list or one line. */
export function readBind(value: Value): Read<readonly string[]> {
  const lines = value.kind === 'sequence' ? value.items : [value];
  const addresses: string[] = [];
  for (const line of lines) {
    const text = readText(line);
    if (!text.ok) return text;
    for (const word of text.value.split(/[ ,]+/).filter((each) => each !== '')) {
      if (isIP(word.replace(/^-/, '')) === 0 && !['*', '-::*', '::*'].includes(word))
        return bad(`must be addresses, not ${line.kind === 'scalar' && line.confidential ? seen(line) : quoted(word)}`);
      addresses.push(word);
    }
  }
  return addresses.length > 0 ? good([...new Set(addresses)]) : bad('must name an address');
}

export function readPassword(value: Value): Read<Secret> {
  if (value.kind === 'scalar' && typeof value.value !== 'string' && value.value !== null)
    return bad(`must stand in quotes: YAML reads it as a ${typeof value.value}`);
  const text = readText(value);
  if (!text.ok) return text;
  if (text.value === '') return bad('is empty; leave the line out where there is no password');
  return text.value.length <= 512 ? good(new Secret(text.value)) : bad('is longer than 512 characters');
}
