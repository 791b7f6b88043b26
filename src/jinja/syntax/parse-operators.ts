import type { ArithmeticSign, CompareSign } from '../values/operators.ts';
import type { Expression } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

type Operand = (words: TokenStream) => Expression;

/** Operands joined by operators, from `or`, which binds loosest, to `**`. */
export function parseOperators(words: TokenStream, operand: Operand): Expression {
  const { line } = words;
  let left = parseAnd(words, operand);
  while (words.skip('name', 'or')) left = { kind: 'or', left, right: parseAnd(words, operand), line };
  return left;
}

function parseAnd(words: TokenStream, operand: Operand): Expression {
  const { line } = words;
  let left = parseNot(words, operand);
  while (words.skip('name', 'and')) left = { kind: 'and', left, right: parseNot(words, operand), line };
  return left;
}

function parseNot(words: TokenStream, operand: Operand): Expression {
  if (!words.isName('not')) return parseCompare(words, operand);
  const { line } = words.next();
  return { kind: 'not', of: words.deeper(() => parseNot(words, operand)), line };
}

function parseCompare(words: TokenStream, operand: Operand): Expression {
  const { line } = words;
  const first = parseSum(words, operand);
  const rest: { sign: CompareSign; with: Expression }[] = [];
  for (;;) {
    const sign = compareSign(words);
    if (sign === null) break;
    rest.push({ sign, with: parseSum(words, operand) });
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest, line };
}

function compareSign(words: TokenStream): CompareSign | null {
  if (words.skip('name', 'in')) return 'in';
  if (words.isName('not') && words.ahead(1).kind === 'name' && words.ahead(1).text === 'in') {
    words.next();
    words.next();
    return 'not in';
  }
  for (const sign of ['==', '!=', '<', '<=', '>', '>='] as const) if (words.skip('sign', sign)) return sign;
  return null;
}

function parseSum(words: TokenStream, operand: Operand): Expression {
  return parseLeft(words, ['+', '-'], (each) => parseConcat(each, operand));
}

function parseConcat(words: TokenStream, operand: Operand): Expression {
  const { line } = words;
  const first = parseProduct(words, operand);
  if (!words.isSign('~')) return first;
  const parts = [first];
  while (words.skip('sign', '~')) parts.push(parseProduct(words, operand));
  return { kind: 'concat', parts, line };
}

function parseProduct(words: TokenStream, operand: Operand): Expression {
  return parseLeft(words, ['*', '/', '//', '%'], (each) => parsePower(each, operand));
}

function parsePower(words: TokenStream, operand: Operand): Expression {
  return parseLeft(words, ['**'], operand);
}

function parseLeft(words: TokenStream, signs: readonly ArithmeticSign[], parse: Operand): Expression {
  const { line } = words;
  let left = parse(words);
  for (;;) {
    const sign = signs.find((each) => words.is('sign', each));
    if (sign === undefined) return left;
    words.next();
    left = { kind: 'arithmetic', sign, left, right: parse(words), line };
  }
}
