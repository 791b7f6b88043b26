import type { Value } from './values/value.ts';

/** A value, and whether it contains a secret, or a secret decided it. */
export interface Tracked {
  value: Value;
  secret: boolean;
  /** The secret stands in a file as it is: that it exists, or is empty, is no secret. */
  stored?: boolean;
  /** Only the pieces of its text are secret that `SecretTexts` knows. */
  pieces?: boolean;
  /** Secret only for the texts within, which are known by themselves. */
  isHeld?: boolean;
}

/** Names set by a template; blocks have their own, and see those around them. */
export class Locals {
  readonly #outer: Locals | null;
  readonly #names = new Map<string, Tracked>();
  /** An imported file does not see the host’s variables, unless `with context`. */
  readonly isApart: boolean;

  constructor(outer: Locals | null = null, isApart = outer?.isApart ?? false) {
    this.#outer = outer;
    this.isApart = isApart;
  }

  /** What was set here, not further out. */
  own(name: string): Tracked | undefined {
    return this.#names.get(name);
  }

  get(name: string): Tracked | undefined {
    return this.#names.get(name) ?? this.#outer?.get(name);
  }

  set(name: string, tracked: Tracked): void {
    this.#names.set(name, tracked);
  }
}
