const MASK = '••••••';
const OMITTED = '(not logged)';
const SECRET_KEY =
  /pass(?:word|wd|phrase)|secret|token|authorization|cookie|signature|private_?key|requirepass|masterauth/i;
const CONTENT_KEY = /^(?:body|rawBody|payload)$/i;
const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  // A password in a URL: redis://user:password@host
  [/(\w:\/\/)[^\s/@]*@/g, `$1${MASK}@`],
  [/\bxox[a-z]-[\w-]+|\bxapp-[\w-]+/g, MASK],
  [/\bgh[opsur]_\w+|\bgithub_pat_\w+/g, MASK],
];
const MAXIMUM_DEPTH = 6;
const MAXIMUM_ENTRIES = 100;
const MAXIMUM_TEXT = 4000;

/** The text without anything that looks like a secret, and limited in length. */
export function redactText(text: string): string {
  const masked = SECRET_TEXT.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), text);
  return masked.length > MAXIMUM_TEXT ? `${masked.slice(0, MAXIMUM_TEXT)}…` : masked;
}

/**
 * The loggable part of a value. For errors only name, code, message, hint, stack and cause: SDK errors carry requests
 * and commands, such as AUTH with its password.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAXIMUM_DEPTH) return OMITTED;
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.slice(0, MAXIMUM_ENTRIES).map((item) => redact(item, depth + 1));
  if (Buffer.isBuffer(value)) return OMITTED;
  // Secret and SensitiveText mask themselves; dates become text.
  if ('toJSON' in value && typeof value.toJSON === 'function') return redact(value.toJSON(), depth + 1);
  return redactFields(value, depth);
}

function redactFields(value: object, depth: number): Record<string, unknown> {
  const fields = Object.entries(value).slice(0, MAXIMUM_ENTRIES);
  return Object.fromEntries(
    fields.map(([key, field]) => {
      if (SECRET_KEY.test(key)) return [key, MASK];
      return [key, CONTENT_KEY.test(key) ? OMITTED : redact(field, depth + 1)];
    }),
  );
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  const hint = 'hint' in error ? error.hint : undefined;
  // An error with a hint was expected: where it was thrown helps nobody.
  const isForeseen = hint !== undefined && code !== 'INTERNAL';
  return {
    name,
    message: redactText(message),
    ...(code === undefined ? {} : { code: redact(code, depth + 1) }),
    ...(hint === undefined ? {} : { hint: redact(hint, depth + 1) }),
    ...(stack === undefined || isForeseen ? {} : { stack: redactText(stack) }),
    ...(cause === undefined ? {} : { cause: isForeseen ? causeOf(cause, depth) : redact(cause, depth + 1) }),
  };
}

function causeOf(cause: unknown, depth: number): unknown {
  const redacted = redact(cause, depth + 1);
  if (typeof redacted !== 'object' || redacted === null || !('stack' in redacted)) return redacted;
  const { stack: _stack, ...rest } = redacted;
  return rest;
}
