import type { Budget } from '../budget.ts';
import { TemplateMistake } from '../mistake.ts';
import { Dict, List, type Value } from './value.ts';

const DEEPEST = 60;
const MOST_DIGITS = 400;
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /(-?(?:0|[1-9]\d*))(\.\d+)?([eE][-+]?\d+)?/y;
const STRING = /"(?:[^"\\]|\\[\s\S])*"/y;
const WORD = /true|false|null|NaN|-?Infinity/y;
const WORDS: Readonly<Record<string, Value>> = {
  true: true,
  false: false,
  null: null,
  NaN,
  Infinity,
  '-Infinity': -Infinity,
};

/** Python’s `json.loads`. @throws TemplateMistake */
export function jsonValue(text: string, budget: Budget): Value {
  budget.spend(1 + Math.floor(text.length / 8));
  return new JsonReader(text, budget).whole();
}

class JsonReader {
  readonly #text: string;
  readonly #budget: Budget;
  #at = 0;

  constructor(text: string, budget: Budget) {
    this.#text = text;
    this.#budget = budget;
  }

  whole(): Value {
    const value = this.#value(0);
    if (this.#at < this.#text.length) throw notJson();
    return value;
  }

  #value(depth: number): Value {
    if (depth > DEEPEST) throw new TemplateMistake('is nested too deeply');
    this.#budget.spend();
    this.#take(SPACE);
    const value = this.#list(depth) ?? this.#mapping(depth) ?? this.#string() ?? this.#word();
    this.#take(SPACE);
    return value;
  }

  #list(depth: number): List | null {
    if (!this.#skip('[')) return null;
    const items: Value[] = [];
    if (this.#skip(']')) return new List(items);
    do items.push(this.#value(depth + 1));
    while (this.#skip(','));
    if (!this.#skip(']')) throw notJson();
    return new List(items);
  }

  #mapping(depth: number): Dict | null {
    if (!this.#skip('{')) return null;
    const made = new Dict();
    if (this.#skip('}')) return made;
    do {
      const key = this.#string();
      if (key === null || !this.#skip(':')) throw notJson();
      made.set(key, this.#value(depth + 1));
    } while (this.#skip(','));
    if (!this.#skip('}')) throw notJson();
    return made;
  }

  #string(): string | null {
    const [written] = this.#take(STRING) ?? [];
    if (written === undefined) return null;
    try {
      return String(JSON.parse(written));
    } catch {
      throw notJson();
    }
  }

  #word(): Value {
    const known = this.#take(WORD);
    if (known) return WORDS[known[0]] ?? null;
    const [all, whole = '', fraction, power] = this.#take(NUMBER) ?? [];
    if (all === undefined) throw notJson();
    if (all.length > MOST_DIGITS) throw new TemplateMistake('reads too long a number');
    return fraction === undefined && power === undefined ? BigInt(whole) : Number(all);
  }

  /** One token, and the space around it. */
  #skip(sign: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    this.#take(SPACE);
    return true;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at += match[0].length;
    return match;
  }
}

function notJson(): TemplateMistake {
  return new TemplateMistake('reads something as JSON that is none');
}
