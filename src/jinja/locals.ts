import type { Value } from './values/value.ts';

/** A value, and whether a secret went into it. */
export interface Tracked {
  value: Value;
  secret: boolean;
}

/** Names that a template sets itself; blocks have their own, and see those around them. */
export class Locals {
  readonly #outer: Locals | null;
  readonly #names = new Map<string, Tracked>();
  /** In an imported file nobody sees the variables of the host, but for `with context`. */
  readonly isApart: boolean;

  constructor(outer: Locals | null = null, isApart = outer?.isApart ?? false) {
    this.#outer = outer;
    this.isApart = isApart;
  }

  /** What was set here, and not further out. */
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
