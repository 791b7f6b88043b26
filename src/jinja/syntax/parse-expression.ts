import type { TokenStream } from './token-stream.ts';
import { NO_ARGUMENTS, type CallArguments, type Expression } from './syntax.ts';
import { parseOperators } from './parse-operators.ts';
import { TemplateMistake } from '../mistake.ts';

/** An expression, by the grammar of Jinja 3.1. */
export function parseExpression(words: TokenStream, withCondition = true): Expression {
  return words.deeper(() => (withCondition ? parseCondition(words) : parseOperands(words)));
}

function parseCondition(words: TokenStream): Expression {
  let { line } = words;
  let met = parseOperands(words);
  while (words.skip('name', 'if')) {
    const test = parseOperands(words);
    const otherwise = words.skip('name', 'else') ? words.deeper(() => parseCondition(words)) : null;
    met = { kind: 'condition', test, met, otherwise, line };
    line = words.line;
  }
  return met;
}

function parseOperands(words: TokenStream): Expression {
  return parseOperators(words, (each) => parseUnary(each, true));
}

function parseUnary(words: TokenStream, withFilter: boolean): Expression {
  const { line } = words;
  let value: Expression;
  if (words.skip('sign', '-')) value = { kind: 'negative', of: words.deeper(() => parseUnary(words, false)), line };
  else if (words.skip('sign', '+'))
    value = { kind: 'positive', of: words.deeper(() => parseUnary(words, false)), line };
  else value = parsePrimary(words);
  value = parsePostfix(words, value);
  return withFilter ? parseFilters(words, value) : value;
}

export function parsePrimary(words: TokenStream): Expression {
  const token = words.next();
  const { line, text } = token;
  switch (token.kind) {
    case 'name':
      return nameOrConstant(text, line);
    case 'string': {
      let value = text;
      while (words.is('string')) value += words.next().text;
      return { kind: 'constant', value, quoted: true, line };
    }
    case 'integer':
      return { kind: 'constant', value: integerOf(text, line), quoted: false, line };
    case 'float':
      return { kind: 'constant', value: Number(text), quoted: false, line };
    case 'sign':
      if (text === '(') {
        const inner = parseTuple(words, { explicit: true });
        words.expect('sign', ')');
        return inner;
      }
      if (text === '[') return { kind: 'list', items: parseItems(words, ']'), line };
      if (text === '{') return parseDict(words, line);
      break;
    case 'data':
    case 'variable':
    case 'block':
    case 'end':
    case 'eof':
      break;
  }
  throw new TemplateMistake(`has ${token.kind === 'end' ? 'its end' : `“${text}”`} where a value is expected`, line);
}

function nameOrConstant(name: string, line: number): Expression {
  if (/^(?:[tT]rue|[fF]alse)$/.test(name)) return { kind: 'constant', value: /^[tT]/.test(name), quoted: false, line };
  if (name === 'none' || name === 'None') return { kind: 'constant', value: null, quoted: false, line };
  return { kind: 'name', name, line };
}

function integerOf(text: string, line: number): bigint {
  if (text.length > 100) throw new TemplateMistake('has a number of more than 100 digits', line);
  return BigInt(/^0+$/.test(text) ? '0' : text.toLowerCase());
}

/** Items up to and including the closing bracket. */
function parseItems(words: TokenStream, closing: string): Expression[] {
  const items: Expression[] = [];
  while (!words.isSign(closing)) {
    if (items.length > 0) words.expect('sign', ',');
    if (words.isSign(closing)) break;
    items.push(parseExpression(words));
  }
  words.expect('sign', closing);
  return items;
}

function parseDict(words: TokenStream, line: number): Expression {
  const pairs: { key: Expression; value: Expression }[] = [];
  while (!words.isSign('}')) {
    if (pairs.length > 0) words.expect('sign', ',');
    if (words.isSign('}')) break;
    const key = parseExpression(words);
    words.expect('sign', ':');
    pairs.push({ key, value: parseExpression(words) });
  }
  words.expect('sign', '}');
  return { kind: 'dict', pairs, line };
}

/** A value, or a tuple if there are commas. */
export function parseTuple(
  words: TokenStream,
  options: { explicit?: boolean; withCondition?: boolean; endsAt?: string } = {},
): Expression {
  const { line } = words;
  const items: Expression[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) words.expect('sign', ',');
    if (words.is('end') || words.isSign(')') || (options.endsAt !== undefined && words.isName(options.endsAt))) break;
    items.push(parseExpression(words, options.withCondition));
    if (!words.isSign(',')) break;
    isTuple = true;
  }
  const [only] = items;
  if (!isTuple && only) return only;
  if (!isTuple && options.explicit !== true) throw words.unexpected('; a value is expected');
  return { kind: 'tuple', items, line };
}

function parsePostfix(words: TokenStream, start: Expression): Expression {
  let value = start;
  for (;;) {
    const { line } = words;
    if (words.skip('sign', '.')) value = parseAttribute(words, value, line);
    else if (words.skip('sign', '[')) value = parseItem(words, value, line);
    else if (words.isSign('(')) value = { kind: 'call', of: value, given: parseArguments(words), line };
    else return value;
  }
}

function parseAttribute(words: TokenStream, of: Expression, line: number): Expression {
  const token = words.next();
  if (token.kind === 'name') return { kind: 'attribute', of, name: token.text, line };
  if (token.kind !== 'integer') throw new TemplateMistake('has a dot without a name behind it', line);
  const key: Expression = { kind: 'constant', value: integerOf(token.text, line), quoted: false, line };
  return { kind: 'item', of, key, line };
}

function parseItem(words: TokenStream, of: Expression, line: number): Expression {
  const from = words.isSign(':') ? null : parseExpression(words);
  if (from !== null && words.skip('sign', ']')) return { kind: 'item', of, key: from, line };
  if (from !== null && words.isSign(',')) {
    words.next();
    const key: Expression = { kind: 'tuple', items: [from, ...parseItems(words, ']')], line };
    return { kind: 'item', of, key, line };
  }
  words.expect('sign', ':');
  const part = (): Expression | null => (words.isSign(']', ',', ':') ? null : parseExpression(words));
  const to = part();
  const step = words.skip('sign', ':') ? part() : null;
  words.expect('sign', ']');
  return { kind: 'slice', of, from, to, step, line };
}

function parseArguments(words: TokenStream): CallArguments {
  const { line } = words.expect('sign', '(');
  const positional: Expression[] = [];
  const named: { name: string; value: Expression }[] = [];
  let spread: Expression | null = null;
  let spreadNamed: Expression | null = null;
  for (let isFirst = true; !words.isSign(')'); isFirst = false) {
    if (!isFirst) words.expect('sign', ',');
    if (words.isSign(')')) break;
    const isNamed = words.is('name') && words.ahead(1).kind === 'sign' && words.ahead(1).text === '=';
    if (words.skip('sign', '*') && !spread && !spreadNamed) spread = parseExpression(words);
    else if (words.skip('sign', '**') && !spreadNamed) spreadNamed = parseExpression(words);
    else if (isNamed && !spreadNamed) {
      const name = words.next().text;
      words.next();
      named.push({ name, value: parseExpression(words) });
    } else if (!isNamed && named.length === 0 && !spread && !spreadNamed) positional.push(parseExpression(words));
    else throw new TemplateMistake('has arguments in an order that a call does not take', line);
  }
  words.expect('sign', ')');
  return { positional, named, spread, spreadNamed };
}

function parseFilters(words: TokenStream, start: Expression): Expression {
  let value = start;
  for (;;) {
    const { line } = words;
    if (words.skip('sign', '|')) value = { kind: 'filter', of: value, ...parseFilter(words), line };
    else if (words.skip('name', 'is')) value = parseTest(words, value, line);
    else if (words.isSign('(')) value = { kind: 'call', of: value, given: parseArguments(words), line };
    else return value;
  }
}

/** A filter’s name and arguments. */
export function parseFilter(words: TokenStream): { name: string; given: CallArguments } {
  const name = dottedName(words);
  return { name, given: words.isSign('(') ? parseArguments(words) : NO_ARGUMENTS };
}

function dottedName(words: TokenStream): string {
  let name = words.expect('name').text;
  while (words.skip('sign', '.')) name += `.${words.expect('name').text}`;
  return name;
}

function parseTest(words: TokenStream, of: Expression, line: number): Expression {
  const isNegated = words.skip('name', 'not');
  const name = dottedName(words);
  let given = NO_ARGUMENTS;
  if (words.isSign('(')) given = parseArguments(words);
  else if (takesOperand(words)) {
    if (words.isName('is')) throw new TemplateMistake('has two tests in a row', line);
    given = { ...NO_ARGUMENTS, positional: [parsePostfix(words, parsePrimary(words))] };
  }
  const test: Expression = { kind: 'test', of, name, given, line };
  return isNegated ? { kind: 'not', of: test, line } : test;
}

function takesOperand(words: TokenStream): boolean {
  if (words.is('string') || words.is('integer') || words.is('float') || words.isSign('[', '{')) return true;
  return words.is('name') && !words.isName('else', 'or', 'and');
}
