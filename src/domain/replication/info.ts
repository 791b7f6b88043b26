import { RedisopsError } from '../error.ts';
import { trimmedEnd } from '../text/trim.ts';

/** Far above Redis’s own: 16,384 databases in use take 20,000 lines and 1 MB. */
const MOST_LINES = 30_000;
const LONGEST = 2_000_000;

/**
 * A reply to INFO: `name:value` lines under `# Section` headings. Missing fields are unknown and have no default,
 * neither 0 nor ''. `text` and `number` throw for them; the optional getters return null.
 */
export class Info {
  readonly #fields: ReadonlyMap<string, string>;
  readonly #sections: ReadonlySet<string>;

  /** @throws REDIS_ERROR if the reply is not text. */
  constructor(reply: unknown) {
    if (typeof reply !== 'string') throw senseless('INFO is not text');
    if (reply.length > LONGEST) throw senseless(`INFO has more than ${LONGEST} letters`);
    const lines = reply.split('\n', MOST_LINES + 1).map((line) => trimmedEnd(line, '\r'));
    if (lines.length > MOST_LINES) throw senseless(`INFO has more than ${MOST_LINES} lines`);
    this.#sections = new Set(lines.filter((line) => line.startsWith('# ')).map((line) => line.slice(2)));
    this.#fields = new Map(lines.flatMap(fieldOf));
  }

  /** Every field, in order. */
  entries(): readonly (readonly [string, string])[] {
    return [...this.#fields];
  }

  /** Whether the reply has the section, even if empty. */
  hasSection(name: string): boolean {
    return this.#sections.has(name);
  }

  optionalText(name: string): string | null {
    return this.#fields.get(name) ?? this.#fields.get(asValkey(name)) ?? null;
  }

  /** Null also for a value that is not a number. */
  optionalNumber(name: string): number | null {
    return numberIn(this.optionalText(name));
  }

  /** @throws REDIS_ERROR if INFO lacks the field. */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === null) throw senseless(`INFO has no ${name}`);
    return value;
  }

  /** @throws REDIS_ERROR if INFO lacks the field or it is not a number. */
  number(name: string): number {
    const value = numberIn(this.text(name));
    if (value === null) throw senseless(`INFO’s ${name} is not a number`);
    return value;
  }

  /** A field that is 1 or 0. @throws REDIS_ERROR if INFO lacks it. */
  flag(name: string): boolean {
    return this.text(name) !== '0';
  }
}

/** The parts of one value: `ip=10.0.0.124,port=6379,state=online`. */
export function subfieldsOf(value: string): ReadonlyMap<string, string> {
  return new Map(
    value.split(',').map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

export function numberIn(text: string | null | undefined): number | null {
  const number = text === null || text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(number) ? null : number;
}

export function senseless(why: string): RedisopsError {
  return new RedisopsError('REDIS_ERROR', `Redis sent a reply that makes no sense: ${why}.`, {
    hint: 'Check that it is Redis or Valkey, and that this user may run INFO and ROLE.',
  });
}

function fieldOf(line: string): [string, string][] {
  const at = line.indexOf(':');
  return at < 1 || line.startsWith('#') ? [] : [[line.slice(0, at), line.slice(at + 1)]];
}

/**
 * Valkey renames master and slave gradually; up to 8.0 its INFO uses Redis’s terms (server.c). Without
 * `extended-redis-compatibility`, it has `server_mode`.
 */
function asValkey(name: string): string {
  if (name === 'redis_mode') return 'server_mode';
  return name.replace(/^master_/, 'primary_').replace(/^slave(?=\d|_)/, 'replica');
}
