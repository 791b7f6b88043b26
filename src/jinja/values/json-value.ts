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
  let at = 0;
  const value = read(0);
  if (at < text.length) throw wrong();
  return value;

  function wrong(): TemplateMistake {
    return new TemplateMistake('reads something as JSON that is none');
  }

  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at += match[0].length;
    return match;
  }

  function skip(sign: string): boolean {
    take(SPACE);
    if (text[at] !== sign) return false;
    at += 1;
    take(SPACE);
    return true;
  }

  function string(): string | null {
    const [written] = take(STRING) ?? [];
    if (written === undefined) return null;
    try {
      return String(JSON.parse(written));
    } catch {
      throw wrong();
    }
  }

  function read(depth: number): Value {
    if (depth > DEEPEST) throw new TemplateMistake('is nested too deeply');
    budget.spend();
    take(SPACE);
    const value = list(depth) ?? mapping(depth) ?? string() ?? word();
    take(SPACE);
    return value;
  }

  function list(depth: number): List | null {
    if (!skip('[')) return null;
    const items: Value[] = [];
    if (skip(']')) return new List(items);
    do items.push(read(depth + 1));
    while (skip(','));
    if (!skip(']')) throw wrong();
    return new List(items);
  }

  function mapping(depth: number): Dict | null {
    if (!skip('{')) return null;
    const made = new Dict();
    if (skip('}')) return made;
    do {
      const key = string();
      if (key === null || !skip(':')) throw wrong();
      made.set(key, read(depth + 1));
    } while (skip(','));
    if (!skip('}')) throw wrong();
    return made;
  }

  function word(): Value {
    const known = take(WORD);
    if (known) return WORDS[known[0]] ?? null;
    const [all, whole = '', fraction, power] = take(NUMBER) ?? [];
    if (all === undefined) throw wrong();
    if (all.length > MOST_DIGITS) throw new TemplateMistake('reads too long a number');
    return fraction === undefined && power === undefined ? BigInt(whole) : Number(all);
  }
}
