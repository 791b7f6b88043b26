import { directiveKind, type DirectiveKind } from '../../domain/redis/directive-kind.ts';
import { memoryBytes } from '../../domain/redis/directive-value.ts';

/**
 * What is wrong with a directive’s arguments (`must be yes or no`); null if valid. Checks that need the node (whether a
 * file exists, how its Redis was built) are left to Redis.
 */
export function directiveMistake(name: string, parameters: readonly string[]): string | null {
  const kind = directiveKind(name);
  const [value = ''] = parameters;
  switch (kind.kind) {
    case 'flag':
      return /^(?:yes|no)$/i.test(value) ? null : 'must be yes or no';
    case 'choice':
      return kind.of.includes(value.toLowerCase()) ? null : `must be one of ${kind.of.join(', ')}`;
    case 'integer':
      return integerMistake(value, kind);
    case 'memory':
      return memoryMistake(value, kind);
    case 'octal':
      return /^0?[0-7]{1,3}$/.test(value) ? null : 'must be a mode such as 770';
    case 'path':
      return value === '' || isPath(value) ? null : 'must be an absolute path without . or ..';
    case 'file name':
      return /^[\w-][\w.-]*$/.test(value) ? null : `must be the name of a file, without a path${whyNotEmpty(name)}`;
    case 'text':
      return textMistake(name, value);
    case 'words':
      return wordsMistake(name, parameters);
  }
}

function integerMistake(value: string, { from, to }: Extract<DirectiveKind, { kind: 'integer' }>): string | null {
  const figure = /^-?(?:0|[1-9]\d*)$/.test(value) ? Number(value) : NaN;
  return figure >= from && figure <= to ? null : `must be a whole number from ${from} to ${to}`;
}

function memoryMistake(value: string, { from, percent }: Extract<DirectiveKind, { kind: 'memory' }>): string | null {
  if (percent && /^(?:\d{1,2}|100)%$/.test(value)) return null;
  const bytes = memoryBytes(value);
  if (bytes === null) return 'must be a size such as 256mb or 2gb';
  return bytes >= from ? null : `must be at least ${from}`;
}

function isPath(value: string): boolean {
  return /^(?:\/[\w.@-]+)+\/?$/.test(value) && !value.split('/').some((part) => part === '.' || part === '..');
}

function whyNotEmpty(name: string): string {
  return name === 'dbfilename' ? '; a replica renames its temporary file to it at the end of a synchronization' : '';
}

function textMistake(name: string, value: string): string | null {
  if (name !== 'notify-keyspace-events') return null;
  return /^[KEAg$lshzxetdmn]*$/.test(value) ? null : 'must be of the letters KEAg$lshzxetdmn';
}

function wordsMistake(name: string, words: readonly string[]): string | null {
  switch (name) {
    case 'save':
      return isSave(words) ? null : 'must be seconds and changes in pairs (3600 1), or ""';
    case 'client-output-buffer-limit':
      return areBufferLimits(words)
        ? null
        : 'must be class, hard limit, soft limit and seconds (replica 256mb 64mb 60)';
    case 'oom-score-adj-values':
      return areScores(words) ? null : 'must be three figures from -2000 to 2000';
    case 'latency-tracking-info-percentiles':
      return words.every((word) => word === '' || isPercentile(word)) ? null : 'must be percentiles from 0 to 100';
    case 'shutdown-on-sigint':
    case 'shutdown-on-sigterm':
      return areShutdownFlags(words) ? null : 'must be default, or some of save, nosave, now and force';
    case 'loadmodule':
      return isPath(words[0] ?? '') ? null : 'must be an absolute path without . or .., and the module’s arguments';
    case 'user':
      return words.length >= 1 && words[0] !== '' ? null : 'must be a user’s name and rules';
    default:
      return null;
  }
}

/** Redis’s strict parser accepts neither a sign nor a leading zero. */
function isFigure(word: string, from: number): boolean {
  return /^(?:0|[1-9]\d{0,8})$/.test(word) && Number(word) >= from;
}

function isSave(words: readonly string[]): boolean {
  if (words.length === 1 && words[0] === '') return true;
  const odd = words.length % 2 === 1;
  return !odd && words.every((word, index) => isFigure(word, index % 2 === 0 ? 1 : 0));
}

function areBufferLimits(words: readonly string[]): boolean {
  if (words.length === 0 || words.length % 4 !== 0) return false;
  return words.every((word, index) => {
    if (index % 4 === 0) return /^(?:normal|replica|slave|pubsub)$/i.test(word);
    return index % 4 === 3 ? isFigure(word, 0) : memoryBytes(word) !== null;
  });
}

function areScores(words: readonly string[]): boolean {
  return words.length === 3 && words.every((word) => /^-?\d{1,4}$/.test(word) && Math.abs(Number(word)) <= 2000);
}

function isPercentile(word: string): boolean {
  return /^\d{1,3}(?:\.\d+)?$/.test(word) && Number(word) <= 100;
}

function areShutdownFlags(words: readonly string[]): boolean {
  const flags = words.map((word) => word.toLowerCase());
  if (flags.includes('save') && flags.includes('nosave')) return false;
  return flags.length > 0 && flags.every((flag) => ['default', 'save', 'nosave', 'now', 'force'].includes(flag));
}
