import type { Budget } from './budget.ts';
import type { Tracked } from './locals.ts';
import { TemplateMistake, withoutValues } from './mistake.ts';
import { together, type Piece, type Secrecy, type SecretTexts } from './values/secret-texts.ts';
import type { Arguments, Value } from './values/value.ts';

/** Where a template first decided by a secret what to do next. */
export interface Decision {
  line: number;
  /** The included file; null for the template itself. */
  file: string | null;
}

interface State {
  touched: Secrecy;
  /** Whether a secret decided that the current part of an expression is evaluated. */
  under: boolean;
  decided: Decision | null;
}

const UNTOUCHED: State = { touched: null, under: false, decided: null };

/**
 * Tracks secrets. A result is secret if a secret went into it, or decided it. A branch that was not taken leaves no
 * trace: once a secret decides what a statement does, all of the output reveals something about it. Where a secret
 * decides a part of an expression, nothing may change there that outlives the expression.
 */
export class Taint {
  readonly #budget: Budget;
  readonly #secrets: SecretTexts;
  /** Objects made or changed with a secret. */
  readonly #marked = new WeakSet<object>();
  #state: State = { ...UNTOUCHED };

  constructor(budget: Budget, secrets: SecretTexts) {
    this.#budget = budget;
    this.#secrets = secrets;
  }

  /** Whether the current work has used a secret. */
  get touched(): boolean {
    return this.#state.touched !== null;
  }

  /** Null as long as no secret decided what the template does. */
  get decided(): Decision | null {
    return this.#state.decided;
  }

  /** A secret decides what a statement does. */
  decide(decision: Decision): void {
    this.#state.decided ??= decision;
  }

  /** A rendering of its own: what it uses does not taint the surrounding work. */
  apart<T>(work: () => T): T {
    const before = this.#state;
    this.#state = { ...UNTOUCHED };
    try {
      return work();
    } catch (error) {
      throw this.#isSecret && error instanceof TemplateMistake ? withoutValues(error) : error;
    } finally {
      this.#state = before;
    }
  }

  /**
   * Does the work, and returns whether it used a secret. Does not taint the surrounding work.
   * @param reads Whether the work only reads a value: a stored secret then stays one.
   */
  track(work: () => Value, reads = false): Tracked {
    const before = this.#state.touched;
    this.#state.touched = null;
    try {
      const value = work();
      const tracked = this.#tracked(value, reads);
      // From now on it is recognized by its text anywhere.
      if (tracked.secret && !tracked.pieces && typeof value === 'string')
        this.#secrets.add(value, tracked.stored ? 'stored' : 'derived');
      return tracked;
    } catch (error) {
      throw this.#isSecret && error instanceof TemplateMistake ? withoutValues(error) : error;
    } finally {
      this.#state.touched = before;
    }
  }

  get #isSecret(): boolean {
    return this.#state.touched !== null || this.#state.decided !== null;
  }

  #tracked(value: Value, reads: boolean): Tracked {
    const { touched } = this.#state;
    if (reads && touched === 'stored') return { value, secret: true, stored: true };
    if (reads && touched === 'pieces') return { value, secret: true, pieces: true };
    return { value, secret: touched !== null };
  }

  /** Evaluates what a decision chose. @param secret Whether a secret decided. */
  under<T>(secret: boolean, work: () => T): T {
    const before = this.#state.under;
    this.#state.under ||= secret;
    try {
      return work();
    } catch (error) {
      throw secret && error instanceof TemplateMistake ? withoutValues(error) : error;
    } finally {
      this.#state.under = before;
    }
  }

  /** Before a change that outlives the expression. @throws TemplateMistake under a secret’s decision */
  changes(): void {
    if (this.#state.under) throw withoutValues(new TemplateMistake('changes a value'));
  }

  touch({ secret, stored = false, pieces = false }: Omit<Tracked, 'value'>): void {
    if (secret) this.#state.touched = together(this.#state.touched, stored ? 'stored' : pieces ? 'pieces' : 'derived');
  }

  /** A result made from the value is secret if the value contains a secret. */
  touchWith(value: Value): void {
    if (this.#state.touched === 'derived') return;
    this.#state.touched = together(this.#state.touched, this.#secrets.of(value, this.#budget));
  }

  /** The secret parts of a text that was made of clear text, too. */
  piecesOf(text: string): readonly Piece[] | undefined {
    return this.#secrets.piecesOf(text);
  }

  /** Whether the value contains a secret. */
  holds(value: Value): boolean {
    return this.#secrets.of(value, this.#budget) !== null;
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
    else if (typeof value === 'object' && value !== null && this.#marked.has(value)) this.touch({ secret: true });
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
