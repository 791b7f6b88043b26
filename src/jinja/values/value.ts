import { TemplateMistake } from '../mistake.ts';

/**
 * Python’s values, as Jinja sees them: int is bigint, float is number, str is string, None is null. Nothing of
 * JavaScript’s own objects can be reached from a template.
 */
export type Value =
  null | boolean | bigint | number | string | List | Dict | Undefined | Callable | Namespace | LoopState | Scope;

export type ListKind = 'list' | 'tuple' | 'range' | 'view';

/** Lists, tuples, ranges, and what `items()`, `keys()` and `values()` give. */
export class List {
  readonly kind: ListKind;
  readonly items: Value[];

  constructor(items: Value[], kind: ListKind = 'list') {
    this.items = items;
    this.kind = kind;
  }
}

/** Keeps the order of insertion; 1, 1.0 and True are one key, as in Python. */
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

/** Jinja’s StrictUndefined: whoever uses it gets the message. The else that an inline `if` lacks is empty instead. */
export class Undefined {
  /** Prints as nothing, and is false. */
  readonly isEmpty: boolean;
  readonly message: string;
  /** Of the variable or attribute, where there is one. */
  readonly name: string | null;

  constructor(message: string, name: string | null = null, isEmpty = false) {
    this.isEmpty = isEmpty;
    this.message = message;
    this.name = name;
  }

  mistake(): TemplateMistake {
    return new TemplateMistake(this.message, 0, true);
  }
}

export interface Arguments {
  positional: readonly Value[];
  named: ReadonlyMap<string, Value>;
}

export class Callable {
  readonly name: string;
  readonly call: (given: Arguments) => Value;

  constructor(name: string, call: (given: Arguments) => Value) {
    this.name = name;
    this.call = call;
  }
}

/** `namespace()`: what a loop can set so that it is still there after the loop. */
export class Namespace {
  readonly attributes = new Map<string, Value>();
}

/** `loop` and the like: names with values that are worked out when asked for. */
export class LoopState {
  readonly attribute: (name: string) => Value | undefined;

  constructor(attribute: (name: string) => Value | undefined) {
    this.attribute = attribute;
  }
}

/** `hostvars` and `hostvars[…]`: variables that are rendered when asked for. */
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

/** What stands for a key in a Map: a text for itself, a number for its value. */
type Key = string | bigint | number | null;

/** One key for what Python takes for equal. Null where it cannot be a key: `isHashable` says so before. */
function keyOf(key: Value): Key {
  if (typeof key === 'boolean') return key ? 1n : 0n;
  if (typeof key === 'number') return Number.isInteger(key) ? BigInt(key) : key;
  if (typeof key === 'string' || typeof key === 'bigint') return key;
  return null;
}

/** Tuples could be keys in Python; here they are not. */
export function isHashable(value: Value): boolean {
  return value === null || typeof value !== 'object';
}
