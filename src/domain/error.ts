import type { Code } from './code.ts';
import { maskSecrets, type Secret } from './secret.ts';

/** The only error class: a stable code, what happened, and what the person can do about it. */
export class RedisopsError extends Error {
  readonly code: Code;
  readonly hint: string;

  constructor(code: Code, message: string, options: { hint: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RedisopsError';
    this.code = code;
    this.hint = options.hint;
  }
}

/** Any thrown value as a RedisopsError: unknown errors become INTERNAL. */
export function asRedisopsError(thrown: unknown): RedisopsError {
  if (thrown instanceof RedisopsError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new RedisopsError('INTERNAL', message, {
    cause: thrown,
    hint: 'This is a bug in redisops. The log has the stack trace. Please report it.',
  });
}

/** The error with secrets masked in its message, which may quote a node’s output. */
export function withoutSecrets(
  { code, message, cause, hint }: RedisopsError,
  secrets: readonly Secret[],
): RedisopsError {
  return new RedisopsError(code, maskSecrets(message, secrets), { cause, hint });
}

const FAULT = 'redisops failed.';

/**
 * The error as shown to people. The message of a foreign error may contain anything, such as a URL with a password: it
 * goes only to the log, which masks.
 */
export function forPeople(error: RedisopsError): RedisopsError {
  return error.code === 'INTERNAL' ? new RedisopsError('INTERNAL', FAULT, { hint: error.hint }) : error;
}

/** A mistake in a file of the configuration repository. Lines and columns count from 1. */
export interface ConfigProblem {
  file: string;
  line: number;
  column: number;
  message: string;
  /** Whether it depends on a secret: then even its place says something of the secret. */
  ofSecret?: boolean;
  /** Whether it is in what a template prints: Redis would not take it, but there it is. */
  isPrinted?: boolean;
}

/** All mistakes at once. The message lists them as `file:line:column: message`. */
export class ConfigInvalid extends RedisopsError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
    super('CONFIG_INVALID', lines.join('\n'), { hint: 'Fix the lines listed above. No changes were made.' });
    this.problems = problems;
  }
}
