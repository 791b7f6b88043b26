import { setImmediate as othersTurn } from 'node:timers/promises';
import { Composer, Lexer, Parser, type CST, type ErrorCode, type LineCounter, type ParsedNode } from 'yaml';
import { Bounds } from './bounds.ts';

/** Tokens read before yielding to other work: a few milliseconds. */
const WORDS_A_TURN = 2000;
/** Minimum characters of a text worth a turn of its own. */
const LONG = 8000;

export interface ParsedYaml {
  contents: ParsedNode | null;
  errors: readonly { code: ErrorCode; at: number }[];
}

/**
 * Parses YAML 1.1, a long file in several turns of the event loop. Returns the mistake if the text exceeds the bounds.
 * @param lines Filled with each line’s start.
 */
export async function parseYaml(text: string, lines: LineCounter): Promise<ParsedYaml | string> {
  try {
    return await parsed(text, lines);
  } catch (error) {
    // The parser calls itself for each level, as in `: : : :`, which no bracket announces.
    if (error instanceof RangeError) return 'is nested too deeply';
    throw error;
  }
}

async function parsed(text: string, lines: LineCounter): Promise<ParsedYaml | string> {
  const tokens = await tokensOf(text, lines);
  if (typeof tokens === 'string') return tokens;
  // Duplicate names are checked later: the composer would compare each pair.
  const composer = new Composer({ version: '1.1', uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
  const [document, second] = composer.compose(tokens, true, text.length);
  await turnAfter(text);
  const errors = (document?.errors ?? []).map(({ code, pos }) => ({ code, at: pos[0] }));
  if (second) errors.push({ code: 'MULTIPLE_DOCS', at: second.range[0] });
  return { contents: document?.contents ?? null, errors };
}

async function tokensOf(text: string, lines: LineCounter): Promise<readonly CST.Token[] | string> {
  const bounds = new Bounds();
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  let words = 0;
  lines.addNewLine(0);
  for (const word of new Lexer().lex(text)) {
    const excess = bounds.mistake(word);
    if (excess !== null) return excess;
    tokens.push(...parser.next(word));
    words += 1;
    if (words % WORDS_A_TURN === 0) await othersTurn();
  }
  tokens.push(...parser.end());
  await turnAfter(text);
  return tokens;
}

async function turnAfter({ length }: string): Promise<void> {
  if (length > LONG) await othersTurn();
}
