import { TemplateMistake } from './mistake.ts';

/** Characters of any text, and of the output. */
const LONGEST = 256 * 1024;
const MOST_ITEMS = 50_000;
const DEEPEST = 100;

/**
 * Limits on what templates may consume. They arrive in pull requests: an endless loop must not block the bot. One
 * budget covers everything rendered in one reading of the repository.
 */
export class Budget {
  #left: number;
  #depth = 0;

  constructor(steps = 2_000_000) {
    this.#left = steps;
  }

  /** @throws TemplateMistake */
  spend(steps = 1): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TemplateMistake('takes too many steps');
  }

  /** Charges work proportional to a text. */
  text(text: string): string {
    this.length(text.length);
    return text;
  }

  /** @throws TemplateMistake if a text of that length would be too long. */
  length(characters: number): void {
    this.within(characters);
    this.spend(1 + Math.floor(characters / 64));
  }

  /** The same for a growing text: its additions have been charged already. */
  within(characters: number): void {
    if (characters > LONGEST) throw new TemplateMistake(`makes a text of more than ${LONGEST} characters`);
  }

  /** @throws TemplateMistake if a list of that size would be too long. */
  items(count: number): void {
    if (count > MOST_ITEMS) throw new TemplateMistake(`makes a list of more than ${MOST_ITEMS} items`);
    this.spend(1 + Math.floor(count / 8));
  }

  /** Nested calls: macros that call themselves, variables that refer to each other. */
  deeper<T>(work: () => T): T {
    if (this.#depth >= DEEPEST) throw new TemplateMistake('goes more than 100 calls deep; does it call itself?');
    this.#depth += 1;
    try {
      return work();
    } finally {
      this.#depth -= 1;
    }
  }
}
