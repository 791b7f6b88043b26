import type { Code } from '../../domain/code.ts';
import { ConfigInvalid, RedisopsError, type ConfigProblem } from '../../domain/error.ts';
import { RedisConf } from '../../domain/redis/redis-conf.ts';
import { Secret, SensitiveText } from '../../domain/secret.ts';
import { SentinelFile } from '../../domain/sentinel/sentinel-file.ts';
import type { ConfigSource } from '../../ports/git.ts';

/** Marks values that structured clone would strip of their class. A symbol would not survive it. */
const KIND = '\0kind';

/** Repositories stay on their side; the other side knows them by number. */
export interface Sources {
  numberOf(source: ConfigSource): number;
  sourceOf(number: number, revision: string): ConfigSource;
}

/** A value for the way between threads: plain data with marks. */
export function packed(value: unknown, sources: Sources): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (value instanceof Secret) return { [KIND]: 'secret', value: value.reveal() };
  if (value instanceof SensitiveText) {
    return {
      [KIND]: kindOf(value),
      plain: value.reveal(),
      secrets: SensitiveText.secretsOf(value).map((each) => each.reveal()),
    };
  }
  if (value instanceof Error) return { [KIND]: 'error', ...packedError(value) };
  if (value instanceof Map)
    return new Map([...value].map(([key, each]) => [packed(key, sources), packed(each, sources)]));
  if (value instanceof Set) return new Set([...value].map((each) => packed(each, sources)));
  if (Array.isArray(value)) return value.map((each) => packed(each, sources));
  if (isSource(value)) return { [KIND]: 'source', number: sources.numberOf(value), revision: value.revision };
  const prototype: unknown = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || KIND in value)
    throw new TypeError(`A ${value.constructor.name} cannot be passed between threads`);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, packed(each, sources)]));
}

/** Restores the value given to `packed`. */
export function unpacked(value: unknown, sources: Sources): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (value instanceof Map)
    return new Map([...value].map(([key, each]) => [unpacked(key, sources), unpacked(each, sources)]));
  if (value instanceof Set) return new Set([...value].map((each) => unpacked(each, sources)));
  if (Array.isArray(value)) return value.map((each) => unpacked(each, sources));
  if (isMarked(value)) return unpackedKind(value, sources);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unpacked(each, sources)]));
}

type Marked =
  | { [KIND]: 'secret'; value: string }
  | { [KIND]: 'text' | 'redis.conf' | 'sentinel.conf'; plain: string; secrets: readonly string[] }
  | { [KIND]: 'source'; number: number; revision: string }
  | ({ [KIND]: 'error' } & PackedError);

interface PackedError {
  code: Code | null;
  message: string;
  hint: string;
  stack: string | undefined;
  problems: readonly ConfigProblem[] | null;
}

function unpackedKind(marked: Marked, sources: Sources): unknown {
  switch (marked[KIND]) {
    case 'secret':
      return new Secret(marked.value);
    case 'text':
      return textOf(marked);
    case 'redis.conf':
      return RedisConf.parse(textOf(marked));
    case 'sentinel.conf':
      return SentinelFile.parse(textOf(marked));
    case 'source':
      return sources.sourceOf(marked.number, marked.revision);
    case 'error':
      return errorOf(marked);
  }
}

function kindOf(text: SensitiveText): 'text' | 'redis.conf' | 'sentinel.conf' {
  if (text instanceof RedisConf) return 'redis.conf';
  if (text instanceof SentinelFile) return 'sentinel.conf';
  if (text.constructor === SensitiveText) return 'text';
  throw new TypeError(`A ${text.constructor.name} cannot be passed between threads`);
}

function textOf({ plain, secrets }: { plain: string; secrets: readonly string[] }): SensitiveText {
  return new SensitiveText(
    plain,
    secrets.map((each) => new Secret(each)),
  );
}

function packedError(error: Error): PackedError {
  const { message, stack } = error;
  const ours = error instanceof RedisopsError ? error : null;
  const problems = error instanceof ConfigInvalid ? error.problems : null;
  return { code: ours?.code ?? null, message, hint: ours?.hint ?? '', stack, problems };
}

function errorOf({ code, message, hint, stack, problems }: PackedError): Error {
  if (problems) return new ConfigInvalid(problems);
  const error = code === null ? new Error(message) : new RedisopsError(code, message, { hint });
  if (stack !== undefined) error.stack = stack;
  return error;
}

function isSource(value: object): value is ConfigSource {
  return 'revision' in value && 'read' in value && typeof value.read === 'function';
}

/** Only `packed` creates these: it refuses a plain object that looks like one. */
function isMarked(value: object): value is Marked {
  return KIND in value;
}
