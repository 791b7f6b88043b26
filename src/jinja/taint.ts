import type { Budget } from './budget.ts';
import type { Tracked } from './locals.ts';
import { TemplateMistake, withoutValues } from './mistake.ts';
import type { Reading } from './reading.ts';
import type { SecretTexts } from './values/secret-texts.ts';
import type { Arguments, Value } from './values/value.ts';

/** Follows where secrets go: what is worked out is touched once a secret went into it. */
export class Taint {
  readonly #budget: Budget;
  readonly #secrets: SecretTexts;
  /** Namespaces that a secret was put into. */
  readonly #marked = new WeakSet<object>();
  #touched = false;

  constructor({ budget, secrets }: Reading) {
    this.#budget = budget;
    this.#secrets = secrets;
  }

  /** Whether a secret went into the work under way: macros pass it on to their parameters. */
  get touched(): boolean {
    return this.#touched;
  }

  /** Does the work, and answers whether a secret went into it. The work around it is not touched. */
  track(work: () => Value): Tracked {
    const before = this.#touched;
    this.#touched = false;
    try {
      const value = work();
      const secret = this.#touched;
      // From here on it is known by its text, wherever it goes.
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

  /** A text made of the value is made of a secret where the value holds one. */
  touchWith(value: Value): void {
    if (!this.#touched) this.#touched = this.holds(value);
  }

  /** Whether the value holds a secret. */
  holds(value: Value): boolean {
    return this.#secrets.holds(value, this.#budget);
  }

  /** As `touchWith`; answers the value. */
  touchedWith(value: Value): Value {
    this.touchWith(value);
    return value;
  }

  /** From now on, looking at this object is looking at a secret. */
  mark(value: object): void {
    this.#marked.add(value);
  }

  /** A value that was looked at. */
  seen(value: Value): Value {
    if (typeof value === 'string') this.touchWith(value);
    else if (typeof value === 'object' && value !== null && this.#marked.has(value)) this.#touched = true;
    return value;
  }

  /** A mistake made with a secret in hand is told without it. */
  unsaid([of, { positional, named }]: readonly [Value, Arguments], work: () => Value): Value {
    try {
      return work();
    } catch (error) {
      for (const each of [of, ...positional, ...named.values()]) this.touchWith(each);
      throw error;
    }
  }
}
