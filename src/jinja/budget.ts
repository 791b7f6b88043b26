import { TemplateMistake } from './mistake.ts';

/** Characters of any text, and of the output. */
const LONGEST = 256 * 1024;
const MOST_ITEMS = 50_000;
const DEEPEST = 100;

/**
 * What templates may use up. They come with pull requests: a loop without an end must not hold the bot up. One budget is
 * for all that is rendered in one reading of the repository.
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

  /** Work in proportion to a text. */
  text(text: string): string {
    this.length(text.length);
    return text;
  }

  /** @throws TemplateMistake where a text of that many characters would be too long. */
  length(characters: number): void {
    this.within(characters);
    this.spend(1 + Math.floor(characters / 64));
  }

  /** The same for a text that grows: what is added to it was paid for. */
  within(characters: number): void {
    if (characters > LONGEST) throw new TemplateMistake(`makes a text of more than ${LONGEST} characters`);
  }

  /** @throws TemplateMistake where a list of that many items would be too long. */
  items(count: number): void {
    if (count > MOST_ITEMS) throw new TemplateMistake(`makes a list of more than ${MOST_ITEMS} items`);
    this.spend(1 + Math.floor(count / 8));
  }

  /** Calls within calls: macros that call themselves, variables that name each other. */
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
