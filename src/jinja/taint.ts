import type { Budget } from './budget.ts';
import type { Tracked } from './locals.ts';
import { TemplateMistake, withoutValues } from './mistake.ts';
import type { Reading } from './reading.ts';
import type { SecretTexts } from './values/secret-texts.ts';
import type { Arguments, Value } from './values/value.ts';

/** Tracks secrets: a result is tainted if a secret was used for it. */
export class Taint {
  readonly #budget: Budget;
  readonly #secrets: SecretTexts;
  /** Namespaces that contain a secret. */
  readonly #marked = new WeakSet<object>();
  #touched = false;

  constructor({ budget, secrets }: Reading) {
    this.#budget = budget;
    this.#secrets = secrets;
  }

  /** Whether the current work has used a secret: macros pass this on to their parameters. */
  get touched(): boolean {
    return this.#touched;
  }

  /** Does the work, and returns whether it used a secret. Does not taint the surrounding work. */
  track(work: () => Value): Tracked {
    const before = this.#touched;
    this.#touched = false;
    try {
      const value = work();
      const secret = this.#touched;
      // From now on it is recognized by its text anywhere.
      if (secret && typeof value === 'string') this.#secrets.add(value);
      return { value, secret };
    } catch (error) {
      throw this.#touched && error instanceof TemplateMistake ? withoutValues(error) : error;
    } finally {
      this.#touched = before;
    }
  }

  touch(secret: boolean): void {
    this.#touched ||= secret;
  }

  /** A text made from the value is tainted if the value contains a secret. */
  touchWith(value: Value): void {
    if (!this.#touched) this.#touched = this.holds(value);
  }

  /** Whether the value contains a secret. */
  holds(value: Value): boolean {
    return this.#secrets.holds(value, this.#budget);
  }

  /** As `touchWith`; returns the value. */
  touchedWith(value: Value): Value {
    this.touchWith(value);
    return value;
  }

  /** From now on, reading this object counts as reading a secret. */
  mark(value: object): void {
    this.#marked.add(value);
  }

  /** Notes that a value was read. */
  seen(value: Value): Value {
    if (typeof value === 'string') this.touchWith(value);
    else if (typeof value === 'object' && value !== null && this.#marked.has(value)) this.#touched = true;
    return value;
  }

  /** Reports a mistake made with a secret without showing it. */
  unsaid([of, { positional, named }]: readonly [Value, Arguments], work: () => Value): Value {
    try {
      return work();
    } catch (error) {
      for (const each of [of, ...positional, ...named.values()]) this.touchWith(each);
      throw error;
    }
  }
}
