import type { Names } from './evaluate.ts';
import { ANSIBLE_MARKS, type Marks } from './syntax/lexer.ts';
import { mistakeOf, notSupported, TemplateMistake } from './mistake.ts';
import type { Output } from './output.ts';
import type { Reading } from './reading.ts';
import { parseTemplate } from './syntax/parse-template.ts';
import { literalOf } from './syntax/python-literal.ts';
import { renderBody, type Include } from './render.ts';
import type { Body } from './syntax/syntax.ts';
import type { Tracked } from './locals.ts';
import type { Value } from './values/value.ts';

const OVERRIDE = '#jinja2:';
const LONGEST = 256 * 1024;

export interface RenderedTemplate {
  text: string;
  /** The pieces that secrets went into, by line of the template and place in the text. */
  secrets: Output['secrets'];
  /** The line of the template that made each line of the text. */
  lines: readonly number[];
}

/** Texts of the files that a template includes, by the name it has for them. */
export type IncludedTexts = ReadonlyMap<string, string>;

/**
 * Renders a template as the template module of Ansible 2.14 does: trim_blocks, and the line breaks at the end kept.
 * @throws TemplateMistake with its line
 */
export function renderTemplate(
  source: string,
  names: Names,
  reading: Reading,
  included: IncludedTexts = new Map(),
): RenderedTemplate {
  const { text, marks, lines } = withOverrides(source);
  const read = new Map<string, Body>();
  const include: Include = (name) => {
    const own = included.get(name);
    if (own === undefined) return null;
    const body = read.get(name) ?? parsedFile(name, own, marks, reading);
    read.set(name, body);
    return body;
  };
  try {
    const output = rendered(text, marks, false, { names, reading, include }, (made) => made);
    return {
      text: output.text + lostNewlines(source, output.text),
      secrets: output.secrets.map((piece) => ({ ...piece, line: piece.line + lines })),
      lines: output.lines().map((line) => line + lines),
    };
  } catch (error) {
    if (error instanceof TemplateMistake && error.line > 0 && typeof error.file !== 'string') error.line += lines;
    throw error;
  }
}

/**
 * Renders a variable’s value. What looks like a list, a mapping or a boolean afterwards becomes one, as in Ansible with
 * native types off.
 */
export function renderVariable(source: string, names: Names, reading: Reading): Tracked {
  const made = (text: string): Value => evaluated(text, reading);
  const include: Include = () => {
    throw notSupported('the tag “include” in a variable');
  };
  const output = rendered(source, ANSIBLE_MARKS, true, { names, reading, include }, made);
  const value = evaluated(output.text, reading);
  const kept = typeof value === 'string' ? value + lostNewlines(source, value) : value;
  if (output.isSecret && typeof kept === 'string') reading.secrets.add(kept);
  return { value: kept, secret: output.isSecret };
}

function rendered(
  source: string,
  marks: Marks,
  keepsBackslashes: boolean,
  { names, reading, include }: { names: Names; reading: Reading; include: Include },
  made: (text: string) => Value,
): Output {
  const body = parsed(source, marks, keepsBackslashes, reading);
  return reading.budget.deeper(() => renderBody(body, names, reading, made, include));
}

function parsed(source: string, marks: Marks, keepsBackslashes: boolean, { budget }: Reading): Body {
  if (source.length > LONGEST) throw new TemplateMistake(`is longer than ${LONGEST} characters`, 1);
  // Reading takes its time, too.
  budget.spend(1 + Math.floor(source.length / 4));
  return parseTemplate(source, marks, keepsBackslashes);
}

function parsedFile(name: string, source: string, marks: Marks, reading: Reading): Body {
  try {
    return parsed(source, marks, false, reading);
  } catch (error) {
    throw error instanceof TemplateMistake ? error.of(name) : error;
  }
}

/** The names of the files that a template includes; none where it cannot be read, which rendering says. */
export function includesOf(source: string, reading: Reading): readonly string[] {
  try {
    const { text, marks } = withOverrides(source);
    return namesOfIncludes(parsed(text, marks, false, reading));
  } catch (error) {
    mistakeOf(error);
    return [];
  }
}

function namesOfIncludes(body: Body): readonly string[] {
  return body.flatMap((statement): readonly string[] => {
    switch (statement.kind) {
      case 'include':
      case 'import':
      case 'import names':
        return [statement.name];
      case 'if':
        return [...statement.branches.map(({ body: own }) => own), statement.otherwise].flatMap(namesOfIncludes);
      case 'for':
        return [statement.body, statement.otherwise].flatMap(namesOfIncludes);
      case 'set block':
      case 'macro':
      case 'call block':
      case 'filter block':
      case 'with':
        return namesOfIncludes(statement.body);
      case 'text':
      case 'print':
      case 'set':
        return [];
    }
  });
}

/** Ansible’s safe_eval of results. */
function evaluated(text: string, reading: Reading): Value {
  if (!/^[{[]/.test(text) && text !== 'True' && text !== 'False') return text;
  return literalOf(text, reading, true) ?? text;
}

function lostNewlines(source: string, text: string): string {
  return '\n'.repeat(Math.max(0, newlinesAtEnd(source) - newlinesAtEnd(text)));
}

function newlinesAtEnd(text: string): number {
  let count = 0;
  while (count < text.length && text[text.length - 1 - count] === '\n') count += 1;
  return count;
}

const FLAGS: Readonly<Record<string, 'trimBlocks' | 'lstripBlocks' | 'keepTrailingNewline'>> = {
  trim_blocks: 'trimBlocks',
  lstrip_blocks: 'lstripBlocks',
  keep_trailing_newline: 'keepTrailingNewline',
};
const SIGNS: Readonly<
  Record<string, 'blockStart' | 'blockEnd' | 'variableStart' | 'variableEnd' | 'commentStart' | 'commentEnd'>
> = {
  block_start_string: 'blockStart',
  block_end_string: 'blockEnd',
  variable_start_string: 'variableStart',
  variable_end_string: 'variableEnd',
  comment_start_string: 'commentStart',
  comment_end_string: 'commentEnd',
};

/** `#jinja2: lstrip_blocks: True` in the first line. */
function withOverrides(source: string): { text: string; marks: Marks; lines: number } {
  if (!source.startsWith(OVERRIDE)) return { text: source, marks: ANSIBLE_MARKS, lines: 0 };
  const end = source.indexOf('\n');
  if (end > 1000) throw new TemplateMistake('has a line behind #jinja2: that is too long', 1);
  if (end === -1) throw new TemplateMistake('has nothing behind #jinja2:', 1);
  const marks = { ...ANSIBLE_MARKS };
  for (const pair of source.slice(OVERRIDE.length, end).split(',')) {
    const [, key = '', value = ''] = /^(\w+)\s*:\s*(\S.*)$/.exec(pair.trim()) ?? [];
    const flag = Object.hasOwn(FLAGS, key) ? FLAGS[key] : undefined;
    const sign = Object.hasOwn(SIGNS, key) ? SIGNS[key] : undefined;
    const text = /^(['"])([^'"\\\s]{1,5})\1$/.exec(value)?.[2];
    if (flag && /^(?:True|False)$/.test(value)) marks[flag] = value === 'True';
    else if (sign && text !== undefined) marks[sign] = text;
    else throw new TemplateMistake('has something behind #jinja2: that is not supported', 1);
  }
  return { text: source.slice(end + 1), marks, lines: 1 };
}
