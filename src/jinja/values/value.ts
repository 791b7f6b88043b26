import { TemplateMistake } from '../mistake.ts';
import { Atom } from './atom.ts';

/**
 * Python’s values in Jinja: int is bigint, float is number, str is string, None is null. Templates cannot reach any
 * JavaScript object.
 */
export type Value =
  null | boolean | bigint | number | string | Atom | List | Dict | Undefined | Callable | Namespace | LoopState | Scope;

export type ListKind = 'list' | 'tuple' | 'set' | 'range' | 'view';

/** Lists, tuples, sets, ranges, and the results of `items()`, `keys()` and `values()`. */
export class List {
  readonly kind: ListKind;
  readonly items: Value[];

  constructor(items: Value[], kind: ListKind = 'list') {
    this.items = items;
    this.kind = kind;
  }
}

/** Keeps insertion order; 1, 1.0 and True are the same key, as in Python. */
export class Dict {
  readonly #entries = new Map<Key, { key: Value; value: Value }>();

  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(keyOf(key))?.value;
  }

  set(key: Value, value: Value): void {
    const hash = keyOf(key);
    const known = this.#entries.get(hash);
    if (known) known.value = value;
    else this.#entries.set(hash, { key, value });
  }

  has(key: Value): boolean {
    return this.#entries.has(keyOf(key));
  }

  delete(key: Value): void {
    this.#entries.delete(keyOf(key));
  }

  *entries(): Generator<readonly [Value, Value]> {
    for (const { key, value } of this.#entries.values()) yield [key, value];
  }

  keys(): Value[] {
    return [...this.entries()].map(([key]) => key);
  }

  values(): Value[] {
    return [...this.entries()].map(([, value]) => value);
  }
}

/**
 * Jinja’s StrictUndefined: using it throws the message. A missing else of an inline `if` gives an empty one instead.
 */
export class Undefined {
  /** Prints as nothing, and is false. */
  readonly isEmpty: boolean;
  readonly message: string;
  /** Name of the variable or attribute, if any. */
  readonly name: string | null;
  /** Whether a secret had a part in it. */
  ofSecret = false;

  constructor(message: string, name: string | null = null, isEmpty = false) {
    this.isEmpty = isEmpty;
    this.message = message;
    this.name = name;
  }

  mistake(): TemplateMistake {
    const mistake = new TemplateMistake(this.message, 0, true);
    mistake.ofSecret = this.ofSecret;
    return mistake;
  }
}

/** Whether an argument is a secret, as in `Tracked`. */
export interface ArgumentSecrecy {
  secret: boolean;
  stored?: boolean;
}

export interface Arguments {
  positional: readonly Value[];
  named: ReadonlyMap<string, Value>;
  /** For macros. Absent where the caller does not know. */
  secrecy?: { positional: readonly ArgumentSecrecy[]; named: ReadonlyMap<string, ArgumentSecrecy> };
}

export class Callable {
  readonly name: string;
  readonly call: (given: Arguments) => Value;

  constructor(name: string, call: (given: Arguments) => Value) {
    this.name = name;
    this.call = call;
  }
}

/** `namespace()`: values set in a loop that outlive it. */
export class Namespace {
  readonly attributes = new Map<string, Value>();
}

/** `loop` and the like: names with values computed on demand. */
export class LoopState {
  readonly attribute: (name: string) => Value | undefined;

  constructor(attribute: (name: string) => Value | undefined) {
    this.attribute = attribute;
  }
}

/** `hostvars` and `hostvars[…]`: variables rendered on demand. */
export class Scope {
  readonly what: string;
  readonly names: () => readonly string[];
  readonly get: (name: string) => Value | undefined;

  constructor(what: string, names: () => readonly string[], get: (name: string) => Value | undefined) {
    this.what = what;
    this.names = names;
    this.get = get;
  }
}

/** A key’s representation in a Map: a text for itself, a number by its value. */
type Key = string | bigint | number | null;

/** Equal for keys that Python considers equal. Null if it cannot be a key, which `isHashable` checks first. */
function keyOf(key: Value): Key {
  if (typeof key === 'boolean') return key ? 1n : 0n;
  if (typeof key === 'number') return Number.isInteger(key) ? BigInt(key) : key;
  if (typeof key === 'string' || typeof key === 'bigint') return key;
  if (key instanceof Atom) return `\0${key.repr}`;
  return null;
}

/** Unlike in Python, tuples cannot be keys. */
export function isHashable(value: Value): boolean {
  return value === null || typeof value !== 'object' || value instanceof Atom;
}
