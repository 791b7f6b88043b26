import { lettersOf, SPACES } from './letters.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';

/** The supported part of Python’s regular expressions. */
export type Pattern =
  | { kind: 'letters'; has: (letter: string) => boolean }
  | { kind: 'place'; at: 'start' | 'end' | 'line start' | 'line end' | 'last line end' | 'word edge' | 'no word edge' }
  | { kind: 'sequence' | 'choice'; parts: readonly Pattern[] }
  | { kind: 'repeat'; of: Pattern; from: number; to: number; lazy: boolean }
  | { kind: 'group'; of: Pattern; number: number }
  | { kind: 'again'; number: number }
  | { kind: 'ahead'; of: Pattern; negative: boolean };

export interface Flags {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
}

export interface ReadPattern {
  pattern: Pattern;
  /** Number of capturing groups. */
  groups: number;
  names: ReadonlyMap<string, number>;
}

const LONGEST = 2000;
const MOST_TIMES = 1000;
const DEEPEST = 50;

const CLASSES: Readonly<Record<string, RegExp>> = {
  d: /^\p{Nd}$/u,
  w: /^[\p{L}\p{N}_]$/u,
  s: new RegExp(`^[${SPACES}]$`),
};
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\u0007' };

/** @throws TemplateMistake */
export function readPattern(source: string, flags: Flags): ReadPattern {
  if (source.length > LONGEST) throw new TemplateMistake(`has a regular expression of more than ${LONGEST} characters`);
  return new Reader(source, flags).read();
}

class Reader {
  readonly #letters: readonly string[];
  readonly #flags: Flags;
  readonly #names = new Map<string, number>();
  #at = 0;
  #groups = 0;
  #depth = 0;

  constructor(source: string, flags: Flags) {
    const inline = /^\(\?([aims]+)\)/.exec(source)?.[1] ?? '';
    if (inline.includes('a')) throw notSupported('the flag (?a) of a regular expression');
    this.#letters = lettersOf(source.slice(inline === '' ? 0 : inline.length + 3));
    this.#flags = {
      ignoreCase: flags.ignoreCase || inline.includes('i'),
      multiline: flags.multiline || inline.includes('m'),
      dotAll: flags.dotAll || inline.includes('s'),
    };
  }

  read(): ReadPattern {
    const pattern = this.#choice();
    if (this.#at < this.#letters.length) throw wrong('has a “)” too many');
    return { pattern, groups: this.#groups, names: this.#names };
  }

  get #letter(): string | undefined {
    return this.#letters[this.#at];
  }

  #skip(text: string): boolean {
    const is = this.#letters.slice(this.#at, this.#at + text.length).join('') === text;
    if (is) this.#at += text.length;
    return is;
  }

  #choice(): Pattern {
    if (this.#depth >= DEEPEST) throw wrong('is nested too deeply');
    this.#depth += 1;
    const parts = [this.#sequence()];
    while (this.#skip('|')) parts.push(this.#sequence());
    this.#depth -= 1;
    return { kind: 'choice', parts };
  }

  #sequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.#letter !== undefined && this.#letter !== '|' && this.#letter !== ')') parts.push(this.#repeated());
    return { kind: 'sequence', parts };
  }

  #repeated(): Pattern {
    const of = this.#atom();
    const times = this.#times();
    if (!times) return of;
    if (of.kind === 'place') throw wrong('repeats something that has no length');
    const lazy = this.#skip('?');
    if (/^[*+{]$/.test(this.#letter ?? '') && (this.#letter !== '{' || this.#times() !== null))
      throw wrong('repeats a repetition');
    return { kind: 'repeat', of, ...times, lazy };
  }

  #times(): { from: number; to: number } | null {
    if (this.#skip('*')) return { from: 0, to: Infinity };
    if (this.#skip('+')) return { from: 1, to: Infinity };
    if (this.#skip('?')) return { from: 0, to: 1 };
    const braces = /^\{(\d{0,18})(,?)(\d{0,18})\}/.exec(this.#letters.slice(this.#at, this.#at + 20).join(''));
    if (!braces || (braces[1] === '' && braces[2] === '')) return null;
    const [all, from = '', comma = '', to = ''] = braces;
    this.#at += all.length;
    const times = { from: Number(from), to: comma === '' ? Number(from) : to === '' ? Infinity : Number(to) };
    if (times.from > MOST_TIMES || (times.to !== Infinity && times.to > MOST_TIMES)) throw wrong('repeats too often');
    if (times.to < times.from) throw wrong('repeats less often than it repeats');
    return times;
  }

  #atom(): Pattern {
    const letter = this.#letters[this.#at++] ?? '';
    switch (letter) {
      case '.':
        return { kind: 'letters', has: (each) => this.#flags.dotAll || each !== '\n' };
      case '^':
        return { kind: 'place', at: this.#flags.multiline ? 'line start' : 'start' };
      case '$':
        return { kind: 'place', at: this.#flags.multiline ? 'line end' : 'last line end' };
      case '(':
        return this.#group();
      case '[':
        return this.#set();
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw wrong('repeats nothing');
      default:
        return this.#same(letter);
    }
  }

  #same(letter: string): Pattern {
    if (!this.#flags.ignoreCase) return { kind: 'letters', has: (each) => each === letter };
    const lower = letter.toLowerCase();
    return { kind: 'letters', has: (each) => each.toLowerCase() === lower };
  }

  #group(): Pattern {
    if (this.#skip('?:')) return this.#closed(this.#choice());
    if (this.#skip('?=')) return this.#closed({ kind: 'ahead', of: this.#choice(), negative: false });
    if (this.#skip('?!')) return this.#closed({ kind: 'ahead', of: this.#choice(), negative: true });
    const isNamed = this.#skip('?P<');
    if (!isNamed && this.#letter === '?') throw notSupported('a group (?…) of that kind in a regular expression');
    const number = ++this.#groups;
    if (isNamed) this.#names.set(this.#groupName(), number);
    return this.#closed({ kind: 'group', of: this.#choice(), number });
  }

  #groupName(): string {
    const name = /^([a-z_]\w*)>/i.exec(this.#letters.slice(this.#at, this.#at + 60).join(''))?.[1];
    if (name === undefined || this.#names.has(name)) throw wrong('has a group whose name is none, or is another’s');
    this.#at += name.length + 1;
    return name;
  }

  #closed(pattern: Pattern): Pattern {
    if (!this.#skip(')')) throw wrong('lacks a “)”');
    return pattern;
  }

  #escape(): Pattern {
    const letter = this.#letters[this.#at++];
    if (letter === undefined) throw wrong('ends in a backslash');
    if (/[1-9]/.test(letter)) return this.#again(letter);
    switch (letter) {
      case 'A':
        return { kind: 'place', at: 'start' };
      case 'Z':
        return { kind: 'place', at: 'end' };
      case 'b':
        return { kind: 'place', at: 'word edge' };
      case 'B':
        return { kind: 'place', at: 'no word edge' };
      default: {
        const set = classOf(letter);
        return set ? { kind: 'letters', has: set } : this.#same(this.#plainEscape(letter));
      }
    }
  }

  #again(first: string): Pattern {
    const second = /\d/.test(this.#letter ?? '') ? (this.#letters[this.#at++] ?? '') : '';
    const number = Number(first + second);
    if (number > this.#groups) throw wrong('refers to a group that is not there');
    return { kind: 'again', number };
  }

  #plainEscape(letter: string): string {
    if (letter === 'x') {
      const digits = this.#letters.slice(this.#at, this.#at + 2).join('');
      if (!/^[\da-f]{2}$/i.test(digits)) throw wrong('has an escape that is not known');
      this.#at += 2;
      return String.fromCodePoint(Number.parseInt(digits, 16));
    }
    const control = CONTROLS[letter];
    if (control !== undefined) return control;
    if (/[a-z0-9]/i.test(letter)) throw wrong('has an escape that is not known or not supported');
    return letter;
  }

  #set(): Pattern {
    const negative = this.#skip('^');
    const tests: ((letter: string) => boolean)[] = [];
    for (let isFirst = true; isFirst || this.#letter !== ']'; isFirst = false) {
      if (this.#letter === undefined) throw wrong('lacks a “]”');
      tests.push(this.#member());
    }
    this.#at += 1;
    const { ignoreCase } = this.#flags;
    const is = (letter: string): boolean => tests.some((test) => test(letter));
    const has = (letter: string): boolean =>
      is(letter) || (ignoreCase && (is(letter.toLowerCase()) || is(letter.toUpperCase())));
    return { kind: 'letters', has: (letter) => has(letter) !== negative };
  }

  #member(): (letter: string) => boolean {
    const first = this.#memberLetter();
    if (typeof first !== 'string') return first;
    const isRange = this.#letter === '-' && ![']', undefined].includes(this.#letters[this.#at + 1]);
    if (!isRange) return (letter) => letter === first;
    this.#at += 1;
    const last = this.#memberLetter();
    const [from, to] = [codeOf(first), typeof last === 'string' ? codeOf(last) : -1];
    if (from > to) throw wrong('has a range that goes backwards');
    return (letter) => codeOf(letter) >= from && codeOf(letter) <= to;
  }

  #memberLetter(): string | ((letter: string) => boolean) {
    const letter = this.#letters[this.#at++] ?? '';
    if (letter !== '\\') return letter;
    const escaped = this.#letters[this.#at++] ?? '';
    if (escaped === 'b') return '\b';
    return classOf(escaped) ?? this.#plainEscape(escaped);
  }
}

function codeOf(letter: string): number {
  return letter.codePointAt(0) ?? 0;
}

function classOf(letter: string): ((letter: string) => boolean) | null {
  const own = CLASSES[letter.toLowerCase()];
  if (!own) return null;
  const negative = letter !== letter.toLowerCase();
  return (each) => own.test(each) !== negative;
}

export function isWordLetter(letter: string | undefined): boolean {
  return letter !== undefined && /^[\p{L}\p{N}_]$/u.test(letter);
}

function wrong(what: string): TemplateMistake {
  return new TemplateMistake(`has a regular expression that ${what}`);
}
