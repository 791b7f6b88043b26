import type { Value } from './value.ts';

/** A value, and whether a secret went into it. */
export interface Tracked {
  value: Value;
  secret: boolean;
}

/** Names that a template sets itself; blocks have their own, and see those around them. */
export class Locals {
  readonly #outer: Locals | null;
  readonly #names = new Map<string, Tracked>();

  constructor(outer: Locals | null = null) {
    this.#outer = outer;
  }

  get(name: string): Tracked | undefined {
    return this.#names.get(name) ?? this.#outer?.get(name);
  }

  set(name: string, tracked: Tracked): void {
    this.#names.set(name, tracked);
  }
}
