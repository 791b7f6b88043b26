import { isIP } from 'node:net';
import { memoryBytes } from '../domain/directive-value.ts';
import { Secret } from '../domain/secret.ts';
import { shown } from './problems.ts';
import type { Scalar, Value } from './yaml-mapping.ts';

/** What a value was read as, or what is wrong with it. */
export type Read<T> = { ok: true; value: T } | { ok: false; message: string };

function good<T>(value: T): Read<T> {
  return { ok: true, value };
}

function bad(message: string): { ok: false; message: string } {
  return { ok: false, message };
}

/** Single values as text. Newlines and control characters could smuggle directives into a file: refused. */
export function readText(value: Value): Read<string> {
  if (value.kind !== 'scalar' || value.value === null) return bad('must be a single value');
  const text = textOf(value);
  if (text.includes('{{') || text.includes('{%'))
    return bad('has a Jinja expression, which is not available yet: write the value');
  if (/[\u0000-\u001F\u007F]/.test(text)) return bad('has a line break or a control character');
  if (text.length > 1000) return bad('is longer than 1,000 characters');
  return good(text);
}

function textOf({ value, source }: Scalar): string {
  if (value instanceof Secret) return value.reveal();
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return source;
}

/** Booleans as Ansible takes them: YAML’s, and the words in quotes. */
export function readBoolean(value: Value): Read<boolean> {
  const text = readText(value);
  if (!text.ok) return text;
  if (/^(?:yes|true|on|y|t|1)$/i.test(text.value)) return good(true);
  if (/^(?:no|false|off|n|f|0)$/i.test(text.value)) return good(false);
  return bad(`must be true or false, not ${shown(text.value)}`);
}

export function readPort(value: Value): Read<number> {
  const text = readText(value);
  if (!text.ok) return text;
  const port = /^\d{1,5}$/.test(text.value) ? Number(text.value) : 0;
  return port >= 1 && port <= 65_535 ? good(port) : bad(`must be a port from 1 to 65535, not ${shown(text.value)}`);
}

export function readAddress(value: Value): Read<string> {
  const text = readText(value);
  if (!text.ok) return text;
  return isIP(text.value) > 0
    ? text
    : bad(`must be an IP address, not ${shown(text.value)}: names need not resolve on the nodes`);
}

export function readMemory(value: Value): Read<string> {
  const text = readText(value);
  if (!text.ok) return text;
  return memoryBytes(text.value) === null ? bad(`must be a size such as 256mb or 2gb, not ${shown(text.value)}`) : text;
}

const POLICIES = [
  'noeviction',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
];

export function readPolicy(value: Value): Read<string> {
  const text = readText(value);
  if (!text.ok) return text;
  return POLICIES.includes(text.value) ? text : bad(`must be one of ${POLICIES.join(', ')}`);
}

const SYSTEM_FOLDERS =
  /^\/(?:bin|boot|dev|etc|home|lib|lib32|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var|data)?$|^\/(?:bin|boot|dev|etc|lib|lib32|lib64|proc|root|run|sbin|sys|tmp|usr)\/|^\/var\/(?:lib|log|run|tmp|cache|spool)$/;

/** A folder of Redis’s own: absolute, plain characters, not one of the system’s. */
export function readFolder(value: Value): Read<string> {
  const text = readText(value);
  if (!text.ok) return text;
  const path = text.value.replace(/(.)\/+$/, '$1');
  if (!/^(?:\/[\w.-]+)+$/.test(path))
    return bad(`must be an absolute path of letters, digits, ".", "_" and "-", not ${shown(text.value)}`);
  if (path.split('/').some((part) => part === '.' || part === '..')) return bad('must not have . or .. in it');
  return SYSTEM_FOLDERS.test(path) ? bad(`is a folder of the system: ${shown(path)}`) : good(path);
}

/** Addresses to listen on, as redis.conf has them: `*`, `-::1`, addresses; a list or one line. */
export function readBind(value: Value): Read<string> {
  const words = value.kind === 'sequence' ? value.items.map(readText) : [readText(value)];
  const wrong = words.find((word) => !word.ok);
  if (wrong && !wrong.ok) return wrong;
  const addresses = words.flatMap((word) => (word.ok ? word.value.split(/[\s,]+/) : [])).filter((word) => word !== '');
  const other = addresses.find((word) => isIP(word.replace(/^-/, '')) === 0 && !['*', '-::*', '::*'].includes(word));
  if (other !== undefined) return bad(`must be addresses, not ${shown(other)}`);
  return addresses.length > 0 ? good(addresses.join(' ')) : bad('must name an address');
}

export function readPassword(value: Value): Read<Secret> {
  if (value.kind === 'scalar' && typeof value.value === 'number')
    return bad('must stand in quotes: YAML reads it as a number');
  const text = readText(value);
  if (!text.ok) return text;
  if (text.value === '') return bad('is empty');
  return text.value.length <= 512 ? good(new Secret(text.value)) : bad('is longer than 512 characters');
}
