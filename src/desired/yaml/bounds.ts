import { CST } from 'yaml';

const DEEPEST_BRACKETS = 40;
/** A nested block must start further right. */
const RIGHTMOST_BLOCK = 200;
const MOST_WORDS = 60_000;

/**
 * Checks a YAML text token by token before the parser gets it. The composer recurses per level, and Node does not
 * always survive a stack overflow; and the parser is slow on nonsense tokens.
 */
export class Bounds {
  #brackets = 0;
  #words = 0;
  #column = 0;
  #isContent = false;

  /** Why the text must end before this token; null if it may continue. */
  mistake(word: string): string | null {
    this.#words += 1;
    if (this.#words > MOST_WORDS) return `is too large: it has more than ${MOST_WORDS} words and signs`;
    const type: CST.TokenType | null = this.#isContent ? null : CST.tokenType(word);
    // A marker before a value; the next token is the value, whatever it looks like.
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
