import { CST } from 'yaml';

const DEEPEST_BRACKETS = 40;
/** A block is inside of another only by starting further to the right. */
const RIGHTMOST_BLOCK = 200;
const MOST_WORDS = 60_000;

/**
 * Looks at a YAML text word by word, before the parser gets the word. The composer calls itself for each level, and Node
 * does not always survive the end of its stack; and the parser takes its time over words that make no sense.
 */
export class Bounds {
  #brackets = 0;
  #words = 0;
  #column = 0;
  #isContent = false;

  /** Why the text goes no further, by its next word; null where it may. */
  mistake(word: string): string | null {
    this.#words += 1;
    if (this.#words > MOST_WORDS) return `is too large: it has more than ${MOST_WORDS} words and signs`;
    const type: CST.TokenType | null = this.#isContent ? null : CST.tokenType(word);
    // A mark before a value; the value is the next word, whatever it looks like.
    this.#isContent = type === 'scalar';
    if (this.#isContent) return null;
    if (type === 'flow-map-start' || type === 'flow-seq-start') this.#brackets += 1;
    if (type === 'flow-map-end' || type === 'flow-seq-end') this.#brackets -= 1;
    const isBlock = type === 'seq-item-ind' || type === 'explicit-key-ind';
    const isIndent = type === 'space' && this.#column === 0;
    const furthest = isIndent ? word.length : this.#column;
    if (this.#brackets > DEEPEST_BRACKETS || ((isBlock || isIndent) && furthest > RIGHTMOST_BLOCK))
      return 'is nested too deeply';
    this.#column = word.endsWith('\n') ? 0 : this.#column + word.length;
    return null;
  }
}
