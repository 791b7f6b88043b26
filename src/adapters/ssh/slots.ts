/** Limits concurrent sessions per connection. sshd allows ten (MaxSessions) and refuses more: here they queue. */
export class SessionSlots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Returns a function that frees the slot; null if none became free in time. */
  async take(milliseconds: number): Promise<(() => void) | null> {
    if (this.#free > 0) {
      this.#free -= 1;
      return this.#giver();
    }
    return new Promise((resolve) => {
      const next = (): void => {
        clearTimeout(timer);
        resolve(this.#giver());
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(next), 1);
        resolve(null);
      }, milliseconds);
      this.#waiting.push(next);
    });
  }

  /** Works once. */
  #giver(): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    };
  }
}
