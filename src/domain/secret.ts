import { quoteArgument, splitArguments } from './text/arguments.ts';

const MASK = '••••••';

/** A value that must not be printed: it shows as a mask everywhere except through `reveal()`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  equals(other: Secret | string | undefined): boolean {
    return this.#value === (other instanceof Secret ? other.#value : other);
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK;
  }
}

/** Among a text’s secrets: no comment of it is shown. Masked by their texts, short secrets would show where else they are. */
export const HIDES_COMMENTS = new Secret('\n#');

const SECRET_DIRECTIVE =
  /^(\s*["']?(?:requirepass|masterauth|tls-key-file-pass|tls-client-key-file-pass|sentinel["']?\s+["']?(?:auth-pass["']?\s+\S+|sentinel-pass))["']?\s+).+$/is;
const ACL_USER = /^(\s*["']?user["']?\s+\S+)(.*)$/is;
const ACL_PASSWORD = /(\s)([><#!])\S+/g;

function maskLine(line: string): string {
  const user = ACL_USER.exec(line);
  if (!user) return line.replace(SECRET_DIRECTIVE, `$1${MASK}`);
  const [, name = '', rules = ''] = user;
  return /["']/.test(line) ? maskQuotedUser(line) : `${name}${rules.replace(ACL_PASSWORD, `$1$2${MASK}`)}`;
}

/** Only the passwords are masked: who approves a plan sees all that the user may do. */
function maskQuotedUser(line: string): string {
  const [, ...words] = splitArguments(line) ?? [];
  // Redis also refuses a line with unclosed quotes.
  if (words.length === 0) return `user ${MASK}`;
  const shown = words.map((word) => (/^[><#!]/.test(word) ? `${word.charAt(0)}${MASK}` : quoteArgument(word)));
  return ['user', ...shown].join(' ');
}

/**
 * A text, such as a configuration file, that may hold secrets: `reveal()` for the node only, `masked()` for everyone.
 */
export class SensitiveText {
  readonly #plain: string;
  readonly #secrets: readonly Secret[];

  constructor(plain: string, secrets: readonly Secret[] = []) {
    this.#plain = plain;
    this.#secrets = secrets;
  }

  reveal(): string {
    return this.#plain;
  }

  /** A new text with the same secrets, for edits that need the plain lines. */
  map(edit: (plain: string) => string): SensitiveText {
    return new SensitiveText(edit(this.#plain), this.#secrets);
  }

  /** For texts of a kind of their own, and for the way between threads. */
  static secretsOf(text: SensitiveText): readonly Secret[] {
    return text.#secrets;
  }

  /** Masks everything Redis treats as a secret, and every known secret. */
  masked(): string {
    const hidesComments = this.#secrets.some((secret) => secret.equals(HIDES_COMMENTS));
    const lines = this.#plain
      .split('\n')
      .map((line) => (hidesComments && line.trimStart().startsWith('#') ? `# ${MASK}` : maskLine(line)));
    const others = this.#secrets.filter((secret) => !secret.equals(HIDES_COMMENTS));
    return maskSecrets(lines.join('\n'), others);
  }

  toString(): string {
    return this.masked();
  }

  toJSON(): string {
    return this.masked();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.masked();
  }
}

/** Replaces every occurrence of the secrets in text from a node, such as logs and error messages. */
export function maskSecrets(text: string, secrets: readonly Secret[]): string {
  return secrets
    .filter((secret) => !secret.equals(HIDES_COMMENTS))
    .map((secret) => secret.reveal())
    .filter((value) => value.length > 0)
    .sort((a, b) => b.length - a.length)
    .reduce((masked, value) => masked.replaceAll(value, MASK), text);
}
