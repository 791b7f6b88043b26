import { CST, Lexer } from 'yaml';

const DEEPEST_BRACKETS = 40;
/** A block is inside of another only by starting further to the right. */
const RIGHTMOST_BLOCK = 200;
const MOST_WORDS = 60_000;

/**
 * Why a YAML text must not be given to the parser; null where it may. The parser calls itself for each level, and Node
 * does not always survive the end of its stack; and it takes its time over words that make no sense. This looks at the
 * text word by word, without recursion.
 */
export function boundsMistake(text: string): string | null {
  let brackets = 0;
  let words = 0;
  let column = 0;
  let isContent = false;
  for (const word of new Lexer().lex(text)) {
    words += 1;
    if (words > MOST_WORDS) return `is too large: it has more than ${MOST_WORDS} words and signs`;
    const type: CST.TokenType | null = isContent ? null : CST.tokenType(word);
    // A mark before a value; the value is the next word, whatever it looks like.
    isContent = type === 'scalar';
    if (isContent) continue;
    if (type === 'flow-map-start' || type === 'flow-seq-start') brackets += 1;
    if (type === 'flow-map-end' || type === 'flow-seq-end') brackets -= 1;
    const isBlock = type === 'seq-item-ind' || type === 'explicit-key-ind';
    const isIndent = type === 'space' && column === 0;
    const furthest = isIndent ? word.length : column;
    if (brackets > DEEPEST_BRACKETS || ((isBlock || isIndent) && furthest > RIGHTMOST_BLOCK))
      return 'is nested too deeply';
    column = word.endsWith('\n') ? 0 : column + word.length;
  }
  return null;
}
