import { SPACES, trimmedEnd } from '../text/letters.ts';
import { PYTHON_ESCAPES } from '../text/python-escapes.ts';
import { TemplateMistake } from '../mistake.ts';

export type TokenKind =
  'data' | 'variable' | 'block' | 'end' | 'name' | 'string' | 'integer' | 'float' | 'sign' | 'eof';

export interface Token {
  kind: TokenKind;
  text: string;
  line: number;
}

/** A template’s delimiters: the defaults of Ansible’s template module, which a first line `#jinja2:` changes. */
export interface Marks {
  blockStart: string;
  blockEnd: string;
  variableStart: string;
  variableEnd: string;
  commentStart: string;
  commentEnd: string;
  trimBlocks: boolean;
  lstripBlocks: boolean;
  keepTrailingNewline: boolean;
  newline: string;
}

export const ANSIBLE_MARKS: Marks = {
  blockStart: '{%',
  blockEnd: '%}',
  variableStart: '{{',
  variableEnd: '}}',
  commentStart: '{#',
  commentEnd: '#}',
  trimBlocks: true,
  lstripBlocks: false,
  keepTrailingNewline: false,
  newline: '\n',
};

const SPACE = `[${SPACES}]`;
const WHITESPACE = new RegExp(`${SPACE}+`, 'y');
const FLOAT = /(?:(?:\d+_)*\d+)(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /[\p{L}\p{N}_]+/uy;
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const SIGN = /\*\*|\/\/|[=!<>]=|[-+/*%~[\](){}<>=.:|,;]/y;
const OPENING: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

/**
 * Tokenizes a template like Jinja 3.1.
 * @param keepsBackslashes As Ansible does for variables: inside `{{ }}` a backslash in a text is literal.
 * @throws TemplateMistake
 */
export function tokensOf(source: string, marks: Marks, keepsBackslashes: boolean): readonly Token[] {
  return new Lexer(source, marks, keepsBackslashes).run();
}

class Lexer {
  readonly #source: string;
  readonly #marks: Marks;
  readonly #keepsBackslashes: boolean;
  readonly #tokens: Token[] = [];
  readonly #opening: RegExp;
  #at = 0;
  #line = 1;
  #lineStarts = true;

  constructor(source: string, marks: Marks, keepsBackslashes: boolean) {
    const lines = source.split(/\r\n|\r|\n/);
    if (!marks.keepTrailingNewline && lines.at(-1) === '') lines.pop();
    this.#source = lines.join('\n');
    this.#marks = marks;
    this.#keepsBackslashes = keepsBackslashes;
    this.#opening = openingOf(marks);
  }

  run(): readonly Token[] {
    while (this.#at < this.#source.length) {
      this.#opening.lastIndex = this.#at;
      const match = this.#opening.exec(this.#source);
      if (!match) {
        this.#data(this.#source.slice(this.#at));
        break;
      }
      this.#tag(match);
    }
    this.#tokens.push({ kind: 'eof', text: '', line: this.#line });
    return this.#tokens;
  }

  #tag(match: RegExpExecArray): void {
    const { raw, comment, block, variable } = match.groups ?? {};
    const sign = /[-+]$/.exec(comment ?? block ?? variable ?? '')?.[0] ?? match.groups?.['rawSign'] ?? '';
    this.#data(this.#source.slice(this.#at, match.index), sign, variable !== undefined);
    this.#move(match[0]);
    if (raw !== undefined) this.#raw();
    else if (comment !== undefined) this.#comment();
    else if (block !== undefined) this.#inside('block', this.#marks.blockEnd, this.#blockEnd(true));
    else this.#inside('variable', this.#marks.variableEnd, this.#end(this.#marks.variableEnd, false, false));
  }

  /**
   * Text before a tag: `-` strips its white space, lstrip_blocks the white space between the line’s start and the tag.
   */
  #data(text: string, sign = '', isVariable = true): void {
    let kept = text;
    if (sign === '-') kept = trimmedEnd(text);
    else if (sign !== '+' && this.#marks.lstripBlocks && !isVariable) {
      const from = text.lastIndexOf('\n') + 1;
      const isStart = from > 0 || this.#lineStarts;
      if (isStart && trimmedEnd(text.slice(from)) === '') kept = text.slice(0, from);
    }
    if (kept !== '') this.#push('data', kept.replaceAll('\n', this.#marks.newline));
    this.#move(text);
  }

  #push(kind: TokenKind, text: string): void {
    this.#tokens.push({ kind, text, line: this.#line });
  }

  #move(text: string): void {
    this.#at += text.length;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#line += 1;
    if (text !== '') this.#lineStarts = text.endsWith('\n');
  }

  #blockEnd(hasPlus: boolean): RegExp {
    return this.#end(this.#marks.blockEnd, hasPlus, this.#marks.trimBlocks);
  }

  /** The end of a tag, with the white space it strips. */
  #end(mark: string, hasPlus: boolean, trims: boolean): RegExp {
    const end = escaped(mark);
    return new RegExp(`${hasPlus ? `\\+${end}|` : ''}-${end}${SPACE}*|${end}${trims ? '\\n?' : ''}`, 'y');
  }

  #comment(): void {
    const end = this.#end(this.#marks.commentEnd, true, this.#marks.trimBlocks);
    const text = this.#until(new RegExp(end.source, 'g'));
    if (text === null) throw new TemplateMistake('lacks the end of a comment', this.#line);
    this.#move(text.before + text.end);
  }

  #raw(): void {
    const start = escaped(this.#marks.blockStart);
    const end = this.#blockEnd(true).source;
    const text = this.#until(new RegExp(`${start}([-+]?)${SPACE}*endraw${SPACE}*(?:${end})`, 'g'));
    if (text === null) throw new TemplateMistake('lacks an endraw', this.#line);
    this.#data(text.before, text.sign, false);
    this.#move(text.end);
  }

  #until(pattern: RegExp): { before: string; end: string; sign: string } | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (!match) return null;
    return { before: this.#source.slice(this.#at, match.index), end: match[0], sign: match[1] ?? '' };
  }

  #inside(kind: 'block' | 'variable', mark: string, end: RegExp): void {
    this.#push(kind, '');
    const from = this.#line;
    const open: string[] = [];
    while (this.#at < this.#source.length) {
      const ending = open.length === 0 ? this.#match(end) : null;
      if (ending !== null) {
        this.#push('end', mark);
        return this.#move(ending);
      }
      this.#word(kind, open);
    }
    throw new TemplateMistake(`lacks a ${mark}`, from);
  }

  #word(kind: 'block' | 'variable', open: string[]): void {
    const space = this.#match(WHITESPACE);
    if (space !== null) return this.#move(space);
    const text = this.#figure();
    if (text !== null) return;
    const name = this.#match(NAME);
    if (name !== null) return this.#take('name', name, this.#checkedName(name));
    const string = this.#match(STRING);
    if (string !== null) return this.#take('string', string, this.#unquoted(string, kind));
    const sign = this.#match(SIGN);
    if (sign === null) throw new TemplateMistake('has a character that does not belong here', this.#line);
    const closing = OPENING[sign];
    if (closing !== undefined) open.push(closing);
    else if (/[})\]]/.test(sign) && open.pop() !== sign)
      throw new TemplateMistake(`has a “${sign}” that does not belong here`, this.#line);
    this.#take('sign', sign, sign);
  }

  #figure(): string | null {
    const float = this.#source[this.#at - 1] === '.' ? null : this.#match(FLOAT);
    const text = float ?? this.#match(INTEGER);
    if (text === null) return null;
    this.#take(float === null ? 'integer' : 'float', text, text.replaceAll('_', ''));
    return text;
  }

  #checkedName(name: string): string {
    if (/^[\p{L}_]/u.test(name)) return name;
    throw new TemplateMistake(`has a name that begins with a digit`, this.#line);
  }

  #take(kind: TokenKind, source: string, text: string): void {
    this.#push(kind, text);
    this.#move(source);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#source)?.[0] ?? null;
  }

  #unquoted(source: string, kind: 'block' | 'variable'): string {
    const inner = source.slice(1, -1).replaceAll('\n', this.#marks.newline);
    if (!inner.includes('\\')) return inner;
    if (!this.#keepsBackslashes || kind === 'block') return unescaped(inner, this.#line);
    if (inner.includes(source.charAt(0)))
      throw new TemplateMistake('has an escaped quote, which Ansible does not take in a variable', this.#line);
    return inner;
  }
}

function openingOf(marks: Marks): RegExp {
  const { blockStart, blockEnd, commentStart, variableStart } = marks;
  const start = escaped(blockStart);
  const end = escaped(blockEnd);
  const raw = `(?<raw>${start}(?<rawSign>[-+]?)${SPACE}*raw${SPACE}*(?:-${end}${SPACE}*|${end}))`;
  const tags = [
    { mark: commentStart, name: 'comment' },
    { mark: blockStart, name: 'block' },
    { mark: variableStart, name: 'variable' },
  ].toSorted((a, b) => b.mark.length - a.mark.length || (a.name < b.name ? 1 : -1));
  return new RegExp([raw, ...tags.map(({ mark, name }) => `(?<${name}>${escaped(mark)}[-+]?)`)].join('|'), 'g');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

/** Decodes Python’s string escapes; invalid ones stay unchanged. */
function unescaped(text: string, line: number): string {
  return text.replaceAll(
    /\\(?:([0-7]{1,3})|x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([\s\S]))/gi,
    (all, octal?: string, hex?: string, four?: string, eight?: string, letter = '') => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      const digits = all.startsWith('\\x')
        ? hex
        : all.startsWith('\\u')
          ? four
          : all.startsWith('\\U')
            ? eight
            : undefined;
      const code = digits === undefined ? null : Number.parseInt(digits, 16);
      if (code !== null && code <= 0x10ffff) return String.fromCodePoint(code);
      if (/^\\[xuUN]/.test(all)) throw new TemplateMistake('has an escape (\\…) that is not supported', line);
      return PYTHON_ESCAPES[letter] ?? all;
    },
  );
}
