/**
 * Sessions that may be open over one connection at a time. sshd takes ten (MaxSessions) and refuses the next: here it
 * waits its turn.
 */
export class SessionSlots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** What gives the slot back; null when none came free within so many milliseconds. */
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
