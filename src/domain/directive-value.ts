import { canonicalName, directiveInfo } from './directives.ts';

const MEMORY = /^(\d+)(b|k|kb|m|mb|g|gb)?$/i;
const UNIT: Readonly<Record<string, number>> = {
  b: 1,
  k: 1000,
  kb: 1024,
  m: 1_000_000,
  mb: 1_048_576,
  g: 1_000_000_000,
  gb: 1_073_741_824,
};

/** Bytes of a memory value as redis.conf writes it (`16mb`, `1g`, `1024`); null for anything else. */
export function memoryBytes(value: string): number | null {
  const match = MEMORY.exec(value.trim());
  if (!match) return null;
  const factor = UNIT[(match[2] ?? 'b').toLowerCase()] ?? 1;
  return Number(match[1]) * factor;
}

/** Whether a value in redis.conf means what CONFIG GET says. */
export function sameValue(directive: string, wanted: string, running: string): boolean {
  const name = canonicalName(directive);
  return normalised(name, wanted) === normalised(name, running);
}

function normalised(name: string, value: string): string {
  const words = value
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '""');
  switch (name) {
    case 'client-output-buffer-limit':
      return outputBufferLimits(words);
    case 'bind':
      return words
        .map((word) => word.toLowerCase())
        .toSorted()
        .join(' ');
    case 'dir':
    case 'logfile':
    case 'pidfile':
    case 'unixsocket':
    case 'dbfilename':
      return value
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .replace(/(.)\/$/, '$1');
    case 'unixsocketperm':
      return String(Number.parseInt(value, 8) || 0);
    case 'notify-keyspace-events':
      return [...new Set(value.replaceAll('A', 'g$lshzxetd'))].toSorted().join('');
    case 'requirepass':
    case 'masterauth':
      return value;
    default:
      return words.map((word) => scalar(name, word)).join(' ');
  }
}

function scalar(name: string, word: string): string {
  const byDefault = directiveInfo(name)?.default ?? '';
  const bytes = /^-?\d/.test(byDefault) ? memoryBytes(word) : null;
  if (bytes !== null) return String(bytes);
  return word.toLowerCase();
}

/** CONFIG GET names every class; a file may name some, with units, `replica` for `slave`. Unnamed classes are at their defaults. */
function outputBufferLimits(words: readonly string[]): string {
  const limits = new Map<string, string>(defaultLimits());
  for (let at = 0; at + 3 < words.length; at += 4) {
    const [name = '', hard = '0', soft = '0', seconds = '0'] = words.slice(at, at + 4);
    const kind = name.toLowerCase() === 'slave' ? 'replica' : name.toLowerCase();
    limits.set(kind, `${memoryBytes(hard) ?? hard} ${memoryBytes(soft) ?? soft} ${Number(seconds)}`);
  }
  return ['normal', 'replica', 'pubsub'].map((kind) => `${kind} ${limits.get(kind) ?? ''}`).join(' ');
}

function defaultLimits(): ReadonlyMap<string, string> {
  return new Map([
    ['normal', '0 0 0'],
    ['replica', '268435456 67108864 60'],
    ['pubsub', '33554432 8388608 60'],
  ]);
}
