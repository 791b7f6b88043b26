import { directiveKind } from './directive-kind.ts';
import { canonicalName } from './directives.ts';

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

/** Bytes of a memory value in redis.conf (`16mb`, `1g`, `1024`); null for anything else. */
export function memoryBytes(value: string): number | null {
  const match = MEMORY.exec(value.trim());
  if (!match) return null;
  const bytes = Number(match[1]) * (UNIT[(match[2] ?? 'b').toLowerCase()] ?? 1);
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** Whether a value in redis.conf equals the one from CONFIG GET. Arguments are unquoted, as in `RedisConf`. */
export function sameValue(directive: string, wanted: string, running: string): boolean {
  const name = canonicalName(directive);
  return normalised(name, wanted) === normalised(name, running);
}

function normalised(name: string, value: string): string {
  const kind = directiveKind(name);
  switch (kind.kind) {
    case 'text':
      return name === 'notify-keyspace-events' ? keyspaceEvents(value) : value;
    case 'path':
      return plainPath(value);
    case 'file name':
      return value;
    case 'flag':
    case 'choice':
      return name === 'oom-score-adj' && /^relative$/i.test(value) ? 'yes' : value.trim().toLowerCase();
    case 'integer':
      return /^\s*-?\d+\s*$/.test(value) ? String(Number(value)) : value;
    case 'memory':
      return String(memoryBytes(value) ?? value);
    case 'octal':
      return value.trim().replace(/^0+(?=\d)/, '');
    case 'words':
      return wordsOf(
        name,
        value.split(/\s+/).filter((word) => word !== ''),
      );
  }
}

/** Turns `/data//redis/./` into `/data/redis`. Keeps `..`, which may follow a link. */
function plainPath(value: string): string {
  return value
    .replace(/\/{2,}/g, '/')
    .replace(/\/(?:\.\/)+/g, '/')
    .replace(/(.)\/\.?$/, '$1');
}

function wordsOf(name: string, words: readonly string[]): string {
  switch (name) {
    case 'client-output-buffer-limit':
      return outputBufferLimits(words);
    case 'bind':
    case 'shutdown-on-sigint':
    case 'shutdown-on-sigterm':
      return words
        .map((word) => word.toLowerCase())
        .toSorted()
        .join(' ');
    case 'save':
      return savePoints(words);
    case 'oom-score-adj-values':
    case 'latency-tracking-info-percentiles':
      return words.map((word) => (Number.isNaN(Number(word)) ? word : String(Number(word)))).join(' ');
    default:
      return words.join(' ');
  }
}

/** Redis saves when any one of them is reached: their order is irrelevant. */
function savePoints(words: readonly string[]): string {
  const numbers = words.map((word) => (Number.isNaN(Number(word)) ? word : String(Number(word))));
  const points = numbers.flatMap((word, at) => (at % 2 === 0 ? [`${word} ${numbers[at + 1] ?? ''}`] : []));
  return points.toSorted().join(' ');
}

/** `A` stands for a group of letters; order is irrelevant. */
function keyspaceEvents(value: string): string {
  return [...new Set(value.replaceAll('A', 'g$lshzxetd'))].toSorted().join('');
}

/**
 * CONFIG GET lists every class; a file may list some, with units, and `replica` for `slave`. Missing classes have their
 * defaults.
 */
function outputBufferLimits(words: readonly string[]): string {
  const limits = new Map([
    ['normal', '0 0 0'],
    ['replica', '268435456 67108864 60'],
    ['pubsub', '33554432 8388608 60'],
  ]);
  for (let at = 0; at + 3 < words.length; at += 4) {
    const [name = '', hard = '0', soft = '0', seconds = '0'] = words.slice(at, at + 4);
    const kind = name.toLowerCase() === 'slave' ? 'replica' : name.toLowerCase();
    limits.set(kind, `${memoryBytes(hard) ?? hard} ${memoryBytes(soft) ?? soft} ${Number(seconds)}`);
  }
  return [...limits].map(([kind, limit]) => `${kind} ${limit}`).join(' ');
}
