import type { Budget } from '../budget.ts';
import { TemplateMistake } from '../mistake.ts';
import type { Reading } from '../reading.ts';
import { PYTHON_ESCAPES } from '../text/python-escapes.ts';
import { Dict, isHashable, List, type Value } from '../values/value.ts';

const SPACE = /(?:[ \t\n\r\f]|\\\n|#[^\n]*(?:\n|$))*/y;
const NUMBER = /(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.(?:\d+(?:_\d+)*)?)?(?:e[+-]?\d+)?|0[xob][\da-f_]+/iy;
const INTEGER = /^(?:0(?:_?0)*|[1-9](?:_?\d)*|0x(?:_?[\da-f])+|0o(?:_?[0-7])+|0b(?:_?[01])+)$/i;
const FLOAT = /^(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?$/i;
const STRING = /([a-z]{0,2})('''|"""|'|")/iy;
const NAMES: Readonly<Record<string, Value>> = { True: true, False: false, None: null };
const JSON_NAMES: Readonly<Record<string, Value>> = { true: true, false: false, null: null };
const DEEPEST = 60;
const MOST_DIGITS = 300;

/** Not a literal: the text stays a text. */
class NoLiteral extends Error {}

/**
 * Evaluates a text like Python’s `ast.literal_eval`; undefined if it is not a literal.
 * @param json Whether `true`, `false` and `null` count as values, as in the output of Ansible’s templates.
 * @throws TemplateMistake for sets and bytes, which are not supported.
 */
export function literalOf(text: string, { budget }: Reading, json = false): Value | undefined {
  try {
    return new Reader(budget.text(text), json, budget).read();
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

class Reader {
  readonly #text: string;
  readonly #json: boolean;
  readonly #budget: Budget;
  #at = 0;
  #depth = 0;

  constructor(text: string, json: boolean, budget: Budget) {
    this.#text = text.replace(/^[ \t]+/, '');
    this.#json = json;
    this.#budget = budget;
  }

  read(): Value {
    const value = this.#tupleOr(() => this.#at >= this.#text.length);
    if (this.#at < this.#text.length) throw new NoLiteral();
    return value;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at += match[0].length;
    return match;
  }

  #skip(sign: string): boolean {
    if (!this.#text.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    this.#match(SPACE);
    return true;
  }

  /** A value, or a tuple separated by commas. */
  #tupleOr(ended: () => boolean): Value {
    const first = this.#value();
    if (!this.#skip(',')) return first;
    const items = [first];
    while (!ended()) {
      items.push(this.#value());
      if (!this.#skip(',')) break;
    }
    return new List(items, 'tuple');
  }

  #value(): Value {
    this.#budget.spend();
    if (this.#depth > DEEPEST) throw new TemplateMistake('is nested too deeply');
    this.#depth += 1;
    const value = this.#inner();
    this.#depth -= 1;
    this.#match(SPACE);
    return value;
  }

  #inner(): Value {
    const closes = (sign: string) => (): boolean => this.#text.startsWith(sign, this.#at);
    if (this.#skip('[')) return new List(this.#items(']'));
    if (this.#skip('(')) {
      if (this.#skip(')')) return new List([], 'tuple');
      const value = this.#tupleOr(closes(')'));
      if (!this.#skip(')')) throw new NoLiteral();
      return value;
    }
    if (this.#skip('{')) return this.#dict();
    if (this.#skip('-')) return negative(this.#inner(), true);
    if (this.#skip('+')) return negative(this.#inner(), false);
    return this.#string() ?? this.#number() ?? this.#name();
  }

  #items(closing: string): Value[] {
    const items: Value[] = [];
    while (!this.#skip(closing)) {
      items.push(this.#value());
      if (!this.#skip(',') && !this.#text.startsWith(closing, this.#at)) throw new NoLiteral();
    }
    return items;
  }

  #dict(): Value {
    const dict = new Dict();
    while (!this.#skip('}')) {
      const key = this.#value();
      if (!this.#skip(':')) {
        // Reports a set only if the whole text is one.
        throw /^[,}]/.test(this.#text.slice(this.#at))
          ? new TemplateMistake('is a Python set, which is not supported')
          : new NoLiteral();
      }
      if (key instanceof List && key.kind === 'tuple')
        throw new TemplateMistake('has a tuple as a key, which is not supported');
      if (!isHashable(key)) throw new NoLiteral();
      dict.set(key, this.#value());
      if (!this.#skip(',') && !this.#text.startsWith('}', this.#at)) throw new NoLiteral();
    }
    return dict;
  }

  #string(): string | null {
    let whole: string | null = null;
    for (let match = this.#match(STRING); match; match = this.#match(STRING)) {
      const [, prefix = '', quote = ''] = match;
      if (/b/i.test(prefix)) throw new TemplateMistake('is a Python bytes literal, which is not supported');
      if (!/^[ru]?$/i.test(prefix)) throw new NoLiteral();
      whole = (whole ?? '') + this.#quoted(quote, /r/i.test(prefix));
      this.#match(SPACE);
    }
    return whole;
  }

  #quoted(quote: string, raw: boolean): string {
    let text = '';
    for (;;) {
      const letter = this.#text[this.#at];
      if (letter === undefined || (letter === '\n' && quote.length === 1)) throw new NoLiteral();
      if (this.#text.startsWith(quote, this.#at)) {
        this.#at += quote.length;
        return text;
      }
      if (letter === '\\') text += this.#escape(raw);
      else {
        text += letter;
        this.#at += 1;
      }
    }
  }

  #escape(raw: boolean): string {
    const match = this.#match(/\\(?:([0-7]{1,3})|x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([\s\S]))/iy);
    if (!match) throw new NoLiteral();
    const [all, octal, hex, four, eight, letter = ''] = match;
    if (raw) return all;
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const digits = all.startsWith('\\X') ? undefined : (hex ?? four ?? eight);
    if (digits !== undefined && Number.parseInt(digits, 16) <= 0x10ffff)
      return String.fromCodePoint(Number.parseInt(digits, 16));
    if (/^[xuUN]$/.test(letter) || digits !== undefined) throw new NoLiteral();
    return PYTHON_ESCAPES[letter] ?? all;
  }

  #number(): Value | null {
    const start = this.#at;
    const hex = this.#match(/0[xob][\da-f_]+/iy);
    const text = hex?.[0] ?? this.#match(NUMBER)?.[0] ?? '';
    if (/^[a-z_]/i.test(this.#text.slice(this.#at, this.#at + 1)) && text !== '') throw new NoLiteral();
    if (text.length > MOST_DIGITS) throw new TemplateMistake('has a number of more than 300 digits');
    if (INTEGER.test(text))
      return BigInt(
        text
          .toLowerCase()
          .replaceAll('_', '')
          .replace(/^0+(?=\d)/, ''),
      );
    if (FLOAT.test(text) && /[.e]/i.test(text)) return Number(text.replaceAll('_', ''));
    if (text !== '') throw new NoLiteral();
    this.#at = start;
    return null;
  }

  #name(): Value {
    const name = this.#match(/[a-z_]\w*/iy)?.[0] ?? '';
    if (Object.hasOwn(NAMES, name)) return NAMES[name] ?? null;
    if (this.#json && Object.hasOwn(JSON_NAMES, name)) return JSON_NAMES[name] ?? null;
    throw new NoLiteral();
  }
}

function negative(value: Value, negate: boolean): Value {
  if (typeof value === 'bigint' || typeof value === 'number') return negate ? -value : value;
  throw new NoLiteral();
}
