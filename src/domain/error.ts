import type { Code } from './code.ts';
import { maskSecrets, type Secret } from './secret.ts';

/** The one error of the program: a stable code, what happened, and what the person can do about it. */
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

/** What the edges say of anything thrown: known errors as they are, the rest as INTERNAL. */
export function asRedisopsError(thrown: unknown): RedisopsError {
  if (thrown instanceof RedisopsError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new RedisopsError('INTERNAL', message, {
    cause: thrown,
    hint: 'This is a bug in redisops. The log has the stack trace. Please report it.',
  });
}

/** The error with secrets masked in its message, which may repeat what a node printed. */
export function withoutSecrets(
  { code, message, cause, hint }: RedisopsError,
  secrets: readonly Secret[],
): RedisopsError {
  return new RedisopsError(code, maskSecrets(message, secrets), { cause, hint });
}

const FAULT = 'redisops failed.';

/**
 * What people are told of an error. The message of one that is not ours may hold anything, a URL with its password among
 * it: that is for the log alone, which masks.
 */
export function forPeople(error: RedisopsError): RedisopsError {
  return error.code === 'INTERNAL' ? new RedisopsError('INTERNAL', FAULT, { hint: error.hint }) : error;
}

/** A mistake in the configuration repository, where it stands. Lines and columns count from 1. */
export interface ConfigProblem {
  file: string;
  line: number;
  column: number;
  message: string;
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
