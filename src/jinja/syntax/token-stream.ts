import type { Token, TokenKind } from './lexer.ts';
import { TemplateMistake } from '../mistake.ts';
import { quoted } from '../text/quoted.ts';

/** Maximum nesting of expressions, since the parser is recursive. */
const DEEPEST = 60;

/** A template’s tokens, in order. */
export class TokenStream {
  /** Jinja’s extensions that are on. */
  readonly extensions: ReadonlySet<string>;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], extensions: ReadonlySet<string>) {
    this.#tokens = tokens;
    this.extensions = extensions;
  }

  get current(): Token {
    return this.ahead(0);
  }

  get line(): number {
    return this.current.line;
  }

  ahead(count: number): Token {
    const token = this.#tokens[this.#at + count] ?? this.#tokens.at(-1);
    return token ?? { kind: 'eof', text: '', line: 1 };
  }

  next(): Token {
    const token = this.current;
    this.#at += 1;
    return token;
  }

  is(kind: TokenKind, text?: string): boolean {
    return this.current.kind === kind && (text === undefined || this.current.text === text);
  }

  isSign(...signs: readonly string[]): boolean {
    return this.current.kind === 'sign' && signs.includes(this.current.text);
  }

  isName(...names: readonly string[]): boolean {
    return this.current.kind === 'name' && names.includes(this.current.text);
  }

  /** Consumes the token if it matches. */
  skip(kind: 'sign' | 'name', text: string): boolean {
    if (!this.is(kind, text)) return false;
    this.next();
    return true;
  }

  /** @throws TemplateMistake */
  expect(kind: TokenKind, text?: string): Token {
    if (this.is(kind, text)) return this.next();
    const wanted = text ?? { name: 'a name', end: 'the end of the tag' }[kind as string] ?? kind;
    throw this.unexpected(`; ${wanted} is expected`);
  }

  unexpected(more = ''): TemplateMistake {
    const { kind, text, line } = this.current;
    const what = kind === 'eof' ? 'the end of the template' : kind === 'string' ? 'a text in quotes' : quoted(text);
    return new TemplateMistake(`has ${what} where it does not belong${more}`, line);
  }

  deeper<T>(work: () => T): T {
    if (this.#depth >= DEEPEST) throw new TemplateMistake('is nested too deeply', this.line);
    this.#depth += 1;
    try {
      return work();
    } finally {
      this.#depth -= 1;
    }
  }
}
