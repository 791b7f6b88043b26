import { lettersOf, SPACES, trimmedEnd } from '../text/letters.ts';
import { bind, defined, integer, string } from '../values/arguments.ts';
import type { Budget } from '../budget.ts';
import { formatted } from './format-method.ts';
import { TemplateMistake } from '../mistake.ts';
import { itemsOf } from '../values/operators.ts';
import { typeName } from '../values/python-text.ts';
import { List, type Arguments, type Value } from '../values/value.ts';

type TextMethod = (text: string, given: Arguments, budget: Budget) => Value;

/** Python’s methods of texts. */
export const TEXT_METHODS: Readonly<Record<string, TextMethod>> = {
  upper: (text, given) => plain(given, text.toUpperCase()),
  lower: (text, given) => plain(given, text.toLowerCase()),
  casefold: (text, given) => plain(given, text.toLowerCase()),
  capitalize: (text, given) => plain(given, capitalized(text)),
  title: (text, given) =>
    plain(
      given,
      text.toLowerCase().replaceAll(/\p{L}+/gu, (word) => capitalized(word)),
    ),
  swapcase: (text, given) =>
    plain(
      given,
      lettersOf(text)
        .map((each) => (each === each.toUpperCase() ? each.toLowerCase() : each.toUpperCase()))
        .join(''),
    ),
  strip: (text, given) => stripped(text, given, 'both'),
  lstrip: (text, given) => stripped(text, given, 'start'),
  rstrip: (text, given) => stripped(text, given, 'end'),
  startswith: (text, given) => affixes(given).some((affix) => text.startsWith(affix)),
  endswith: (text, given) => affixes(given).some((affix) => text.endsWith(affix)),
  removeprefix(text, given) {
    const prefix = string(bind(given, ['prefix'], 1).prefix ?? null);
    return text.startsWith(prefix) ? text.slice(prefix.length) : text;
  },
  removesuffix(text, given) {
    const suffix = string(bind(given, ['suffix'], 1).suffix ?? null);
    return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
  },
  split(text, given, budget) {
    const { sep = null, maxsplit = -1n } = bind(given, ['sep', 'maxsplit']);
    return new List(split(text, sep === null ? null : string(sep), integer(maxsplit), budget));
  },
  rsplit(text, given, budget) {
    const { sep = null, maxsplit = -1n } = bind(given, ['sep', 'maxsplit']);
    const most = integer(maxsplit);
    const parts = split(text, sep === null ? null : string(sep), -1, budget);
    if (most < 0 || parts.length <= most + 1) return new List(parts);
    if (sep === null) throw new TemplateMistake('splits from the right at white space, which is not supported');
    const kept = most === 0 ? [] : parts.slice(-most);
    return new List([parts.slice(0, parts.length - kept.length).join(string(sep)), ...kept]);
  },
  splitlines(text, given, budget) {
    bind(given, []);
    return new List(linesOf(text, budget));
  },
  partition(text, given) {
    const sep = separator(given);
    const at = text.indexOf(sep);
    return tuple(at === -1 ? [text, '', ''] : [text.slice(0, at), sep, text.slice(at + sep.length)]);
  },
  rpartition(text, given) {
    const sep = separator(given);
    const at = text.lastIndexOf(sep);
    return tuple(at === -1 ? ['', '', text] : [text.slice(0, at), sep, text.slice(at + sep.length)]);
  },
  replace(text, given, budget) {
    const { old = null, new: by = null, count = -1n } = bind(given, ['old', 'new', 'count'], 2);
    return replaced(text, string(old), string(by), integer(count), budget);
  },
  join(text, given, budget) {
    const { iterable = null } = bind(given, ['iterable'], 1);
    return joined(itemsOf(iterable, budget).map(string), text, budget);
  },
  format: (text, given, budget) => formatted(text, given, budget),
  find: (text, given) => BigInt(positionOf(text, string(bind(given, ['sub'], 1).sub ?? null))),
  index(text, given) {
    const at = positionOf(text, string(bind(given, ['sub'], 1).sub ?? null));
    if (at === -1) throw new TemplateMistake('looks for a text that is not in the other');
    return BigInt(at);
  },
  count(text, given, budget) {
    const sub = string(bind(given, ['sub'], 1).sub ?? null);
    return BigInt(sub === '' ? lettersOf(text).length + 1 : split(text, sub, -1, budget).length - 1);
  },
  zfill(text, given, budget) {
    const width = integer(bind(given, ['width'], 1).width ?? null);
    budget.length(width);
    const sign = /^[-+]/.exec(text)?.[0] ?? '';
    return sign + '0'.repeat(Math.max(0, width - lettersOf(text).length)) + text.slice(sign.length);
  },
  ljust: (text, given, budget) => justified(text, given, budget, 'left'),
  rjust: (text, given, budget) => justified(text, given, budget, 'right'),
  center: (text, given, budget) => justified(text, given, budget, 'centre'),
  isdigit: (text, given) => plain(given, /^[\p{Nd}²³¹]+$/u.test(text)),
  isdecimal: (text, given) => plain(given, /^\p{Nd}+$/u.test(text)),
  isnumeric: (text, given) => plain(given, /^\p{N}+$/u.test(text)),
  isalpha: (text, given) => plain(given, /^\p{L}+$/u.test(text)),
  isalnum: (text, given) => plain(given, /^[\p{L}\p{N}]+$/u.test(text)),
  isspace: (text, given) => plain(given, text !== '' && trimmedEnd(text) === ''),
  isupper: (text, given) => plain(given, isUpper(text)),
  islower: (text, given) => plain(given, isLower(text)),
};

export function isUpper(text: string): boolean {
  return text === text.toUpperCase() && text !== text.toLowerCase();
}

export function isLower(text: string): boolean {
  return text === text.toLowerCase() && text !== text.toUpperCase();
}

function plain(given: Arguments, result: Value): Value {
  bind(given, []);
  return result;
}

export function capitalized(text: string): string {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length).toLowerCase();
}

function tuple(items: readonly string[]): List {
  return new List([...items], 'tuple');
}

function separator(given: Arguments): string {
  const sep = string(bind(given, ['sep'], 1).sep ?? null);
  if (sep === '') throw new TemplateMistake('splits at an empty text');
  return sep;
}

function affixes(given: Arguments): readonly string[] {
  const affix = defined(bind(given, ['prefix'], 1).prefix ?? null);
  return affix instanceof List && affix.kind === 'tuple' ? affix.items.map(string) : [string(affix)];
}

function stripped(text: string, given: Arguments, where: 'both' | 'start' | 'end'): string {
  const { chars = null } = bind(given, ['chars']);
  return strip(text, chars === null ? null : string(chars), where);
}

const ONE_SPACE = new RegExp(`^[${SPACES}]$`);

/** Removes white space, or the given characters, from both ends. */
export function strip(text: string, letters: string | null, where: 'both' | 'start' | 'end'): string {
  const set = letters === null ? null : new Set(letters);
  const goes = (letter: string): boolean => (set ? set.has(letter) : ONE_SPACE.test(letter));
  const all = lettersOf(text);
  let [from, to] = [0, all.length];
  if (where !== 'end') while (from < to && goes(all[from] ?? '')) from += 1;
  if (where !== 'start') while (to > from && goes(all[to - 1] ?? '')) to -= 1;
  return all.slice(from, to).join('');
}

/** @param most Maximum number of splits; negative for no limit. */
export function split(text: string, sep: string | null, most: number, budget: Budget): string[] {
  budget.text(text);
  if (sep === '') throw new TemplateMistake('splits at an empty text');
  if (sep === null) return splitAtSpace(text, most, budget);
  const parts = text.split(sep);
  budget.items(parts.length);
  if (most < 0 || parts.length <= most + 1) return parts;
  return [...parts.slice(0, most), parts.slice(most).join(sep)];
}

function splitAtSpace(text: string, most: number, budget: Budget): string[] {
  const words = [...text.matchAll(new RegExp(`[^${SPACES}]+`, 'g'))];
  budget.items(words.length);
  if (most < 0 || words.length <= most) return words.map(([word]) => word);
  const rest = words[most];
  return [...words.slice(0, most).map(([word]) => word), ...(rest ? [text.slice(rest.index)] : [])];
}

const LINE_END = new RegExp(String.raw`\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]`);

/** Python’s splitlines(). */
export function linesOf(text: string, budget: Budget): string[] {
  const lines = budget.text(text).split(LINE_END);
  if (lines.at(-1) === '') lines.pop();
  budget.items(lines.length);
  return lines;
}

export function replaced(text: string, old: string, by: string, most: number, budget: Budget): string {
  if (old === '') {
    const letters = lettersOf(text);
    const times = most < 0 ? letters.length + 1 : Math.min(most, letters.length + 1);
    budget.length(text.length + times * by.length);
    return (
      letters.map((letter, index) => (index < times ? by : '') + letter).join('') + (times > letters.length ? by : '')
    );
  }
  const parts = text.split(old);
  const times = most < 0 ? parts.length - 1 : Math.min(most, parts.length - 1);
  budget.length(text.length + times * by.length);
  return [parts.slice(0, times + 1).join(by), ...parts.slice(times + 1)].join(old);
}

export function joined(parts: readonly string[], by: string, budget: Budget): string {
  budget.length(parts.reduce((sum, part) => sum + part.length + by.length, 0));
  return parts.join(by);
}

function positionOf(text: string, sub: string): number {
  const at = text.indexOf(sub);
  return at === -1 ? -1 : lettersOf(text.slice(0, at)).length;
}

function justified(text: string, given: Arguments, budget: Budget, to: 'left' | 'right' | 'centre'): string {
  const { width = null, fillchar = ' ' } = bind(given, ['width', 'fillchar'], 1);
  return justify(text, integer(width), string(fillchar), to, budget);
}

export function justify(
  text: string,
  width: number,
  fill: string,
  to: 'left' | 'right' | 'centre',
  budget: Budget,
): string {
  if (lettersOf(fill).length !== 1)
    throw new TemplateMistake(`fills up with ${typeName(fill)} of more or less than one letter`);
  budget.length(width);
  const missing = Math.max(0, width - lettersOf(text).length);
  if (to === 'left') return text + fill.repeat(missing);
  if (to === 'right') return fill.repeat(missing) + text;
  // As in CPython: with an odd width the extra space goes to the left.
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}
