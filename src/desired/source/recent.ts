/** Values by name: the most recently used ones, up to a total weight. */
export class Recent<T> {
  readonly #most: number;
  readonly #kept = new Map<string, { value: T; weight: number }>();
  #weight = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(name: string): T | undefined {
    const known = this.#kept.get(name);
    if (!known) return undefined;
    this.#kept.delete(name);
    this.#kept.set(name, known);
    return known.value;
  }

  /** The new value itself is always kept. */
  set(name: string, value: T, weight = 1): void {
    this.delete(name);
    this.#kept.set(name, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#kept.keys()) {
      if (this.#weight <= this.#most || oldest === name) return;
      this.delete(oldest);
    }
  }

  delete(name: string): void {
    this.#weight -= this.#kept.get(name)?.weight ?? 0;
    this.#kept.delete(name);
  }
}
