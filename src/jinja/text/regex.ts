import { lettersOf } from './letters.ts';
import type { Budget } from '../budget.ts';
import { TemplateMistake } from '../mistake.ts';
import { isWordLetter, readPattern, type Flags, type Pattern } from './regex-syntax.ts';

export interface Match {
  start: number;
  end: number;
  /** The whole match at 0, then the groups; null for unused ones. */
  groups: readonly (string | null)[];
}

/** The groups’ positions during a match. */
type Places = (readonly [number, number] | null)[];
type Next = (at: number) => boolean;

const DEEPEST = 1500;

/**
 * Python’s `re` with every step counted: a pattern from a pull request can take exponential time, and JavaScript’s own
 * engine cannot be interrupted.
 */
export class Regex {
  readonly names: ReadonlyMap<string, number>;
  readonly groups: number;
  readonly #pattern: Pattern;
  readonly #budget: Budget;

  constructor(source: string, flags: Flags, budget: Budget) {
    const { pattern, groups, names } = readPattern(source, flags);
    this.#pattern = pattern;
    this.groups = groups;
    this.names = names;
    this.#budget = budget;
  }

  /** The first match at or after `from`. */
  search(letters: readonly string[], from = 0): Match | null {
    for (let at = from; at <= letters.length; at += 1) {
      const match = this.matchAt(letters, at, false);
      if (match) return match;
    }
    return null;
  }

  /** All matches, as found by `re.sub` and `re.findall`. */
  all(letters: readonly string[]): readonly Match[] {
    const found: Match[] = [];
    let mustAdvance = false;
    for (let at = 0; at <= letters.length;) {
      const match = this.matchAt(letters, at, mustAdvance);
      if (match) {
        found.push(match);
        this.#budget.items(found.length);
        mustAdvance = match.end === match.start;
        at = match.end;
      } else {
        mustAdvance = false;
        at += 1;
      }
    }
    return found;
  }

  /** A match starting exactly there. @param mustAdvance Excludes an empty match. */
  matchAt(letters: readonly string[], start: number, mustAdvance: boolean): Match | null {
    const places: Places = Array.from({ length: this.groups + 1 }, () => null);
    const run = new Run(letters, places, this.#budget);
    let end = -1;
    const found = run.try(this.#pattern, start, (at) => {
      if (mustAdvance && at === start) return false;
      end = at;
      return true;
    });
    if (!found) return null;
    const groups = places.map((place) => place && letters.slice(place[0], place[1]).join(''));
    groups[0] = letters.slice(start, end).join('');
    return { start, end, groups };
  }
}

class Run {
  readonly #letters: readonly string[];
  readonly #places: Places;
  readonly #budget: Budget;
  #depth = 0;

  constructor(letters: readonly string[], places: Places, budget: Budget) {
    this.#letters = letters;
    this.#places = places;
    this.#budget = budget;
  }

  /** Whether the pattern, and then the rest, matches there. */
  try(pattern: Pattern, at: number, next: Next): boolean {
    this.#budget.spend();
    if (this.#depth >= DEEPEST) throw new TemplateMistake('has a regular expression that goes too deep');
    this.#depth += 1;
    try {
      return this.#try(pattern, at, next);
    } finally {
      this.#depth -= 1;
    }
  }

  #try(pattern: Pattern, at: number, next: Next): boolean {
    switch (pattern.kind) {
      case 'letters': {
        const letter = this.#letters[at];
        return letter !== undefined && pattern.has(letter) && next(at + 1);
      }
      case 'place':
        return this.#isPlace(pattern.at, at) && next(at);
      case 'sequence':
        return this.#sequence(pattern.parts, 0, at, next);
      case 'choice':
        return pattern.parts.some((part) => this.try(part, at, next));
      case 'repeat':
        return pattern.of.kind === 'letters'
          ? this.#run(pattern.of.has, pattern, at, next)
          : this.#repeat(pattern, 0, at, next);
      case 'group':
        return this.#group(pattern, at, next);
      case 'again': {
        const place = this.#places[pattern.number];
        if (!place) return false;
        const [from, to] = place;
        for (let index = from; index < to; index += 1)
          if (this.#letters[index] !== this.#letters[at + index - from]) return false;
        return next(at + to - from);
      }
      case 'ahead': {
        const kept = [...this.#places];
        const found = this.try(pattern.of, at, () => true);
        if (found === pattern.negative) {
          this.#restore(kept);
          return false;
        }
        return next(at);
      }
    }
  }

  #sequence(parts: readonly Pattern[], index: number, at: number, next: Next): boolean {
    const part = parts[index];
    return part ? this.try(part, at, (end) => this.#sequence(parts, index + 1, end, next)) : next(at);
  }

  /** Repeats a single-character pattern without recursion. */
  #run(
    has: (letter: string) => boolean,
    { from, to, lazy }: { from: number; to: number; lazy: boolean },
    at: number,
    next: Next,
  ): boolean {
    let most = 0;
    while (most < to) {
      const letter = this.#letters[at + most];
      if (letter === undefined || !has(letter)) break;
      most += 1;
    }
    this.#budget.spend(1 + Math.floor(most / 8));
    for (let count = lazy ? from : most; lazy ? count <= most : count >= from; count += lazy ? 1 : -1) {
      this.#budget.spend();
      if (next(at + count)) return true;
    }
    return false;
  }

  #repeat(pattern: Extract<Pattern, { kind: 'repeat' }>, count: number, at: number, next: Next): boolean {
    const more = (): boolean =>
      count < pattern.to &&
      this.try(pattern.of, at, (end) => {
        // An empty repetition would loop forever.
        if (end === at && count >= pattern.from) return false;
        return this.#repeat(pattern, count + 1, end, next);
      });
    if (count < pattern.from) return more();
    return pattern.lazy ? next(at) || more() : more() || next(at);
  }

  #group({ of, number }: Extract<Pattern, { kind: 'group' }>, at: number, next: Next): boolean {
    const before = this.#places[number] ?? null;
    const found = this.try(of, at, (end) => {
      const inner = this.#places[number] ?? null;
      this.#places[number] = [at, end];
      if (next(end)) return true;
      this.#places[number] = inner;
      return false;
    });
    if (!found) this.#places[number] = before;
    return found;
  }

  #restore(places: Places): void {
    for (const [index, place] of places.entries()) this.#places[index] = place;
  }

  #isPlace(place: Extract<Pattern, { kind: 'place' }>['at'], at: number): boolean {
    const { length } = this.#letters;
    switch (place) {
      case 'start':
        return at === 0;
      case 'end':
        return at === length;
      case 'line start':
        return at === 0 || this.#letters[at - 1] === '\n';
      case 'line end':
        return at === length || this.#letters[at] === '\n';
      case 'last line end':
        return at === length || (at === length - 1 && this.#letters[at] === '\n');
      case 'word edge':
        return isWordLetter(this.#letters[at - 1]) !== isWordLetter(this.#letters[at]);
      case 'no word edge':
        return isWordLetter(this.#letters[at - 1]) === isWordLetter(this.#letters[at]);
    }
  }
}

/** `re.sub`. */
export function substitute(regex: Regex, text: string, by: string, budget: Budget): string {
  const letters = lettersOf(budget.text(text));
  const parts: string[] = [];
  let [at, length] = [0, 0];
  const add = (part: string): void => {
    length += part.length;
    budget.length(part.length);
    budget.within(length);
    parts.push(part);
  };
  for (const match of regex.all(letters)) {
    add(letters.slice(at, match.start).join(''));
    add(expanded(by, match, regex));
    at = match.end;
  }
  add(letters.slice(at).join(''));
  return parts.join('');
}

const CONTROLS: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\u0007',
  b: '\b',
};

/** Expands `\1` and `\g<name>` in the replacement. */
function expanded(by: string, match: Match, regex: Regex): string {
  return by.replaceAll(/\\(?:g<([^>]*)>|([1-9]\d?)|([\s\S]|$))/g, (_, name?: string, number?: string, letter = '') => {
    if (name !== undefined || number !== undefined) return groupOf(match, regex, name ?? number ?? '');
    const control = CONTROLS[letter];
    if (control !== undefined) return control;
    if (/^[a-z0-9]?$/i.test(letter))
      throw new TemplateMistake('has an escape in a replacement that is not known or not supported');
    return letter === '\\' ? letter : `\\${letter}`;
  });
}

/** By number or name. @throws TemplateMistake if there is none. */
export function groupOf(match: Match, regex: Regex, name: string): string {
  const number = /^\d+$/.test(name) ? Number(name) : regex.names.get(name);
  if (number === undefined || number > regex.groups) throw new TemplateMistake('refers to a group that is not there');
  return match.groups[number] ?? '';
}
