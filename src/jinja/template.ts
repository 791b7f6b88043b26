import { Evaluator, type Names } from './evaluate.ts';
import { ANSIBLE_MARKS, type Marks } from './syntax/lexer.ts';
import { mistakeOf, notSupported, TemplateMistake } from './mistake.ts';
import type { Output } from './output.ts';
import type { Decision } from './taint.ts';
import type { Reading } from './reading.ts';
import { parseTemplate } from './syntax/parse-template.ts';
import { namesIn } from './syntax/names-in.ts';
import { literalOf } from './syntax/python-literal.ts';
import { renderBody, type Include } from './render.ts';
import { payForParsing, type MarkOptions, type TemplateFile } from './template-file.ts';
import type { Body } from './syntax/syntax.ts';
import { Locals, type Tracked } from './locals.ts';
import { isReference } from './presence.ts';
import type { Value } from './values/value.ts';

export interface RenderedTemplate {
  text: string;
  /** The parts that contain secrets, by template line and offset in the text. */
  secrets: Output['secrets'];
  /** The template’s line for each line of the text. */
  lines: readonly number[];
  /** Where a secret decided what is printed: all of the text then reveals something about the secret. */
  decided: Decision | null;
}

/** Included files, by the names used in the template. */
export type Includes = ReadonlyMap<string, TemplateFile>;

/**
 * Renders like the template module of Ansible 2.14: trim_blocks, final line breaks kept.
 * @throws TemplateMistake with its line
 */
export function renderTemplate(
  file: TemplateFile,
  names: Names,
  reading: Reading,
  includes: Includes = new Map(),
  options: MarkOptions = new Map(),
): RenderedTemplate {
  const { marks, lines } = file.head(options);
  const read = new Map<string, Body>();
  const include: Include = (name) => {
    const included = includes.get(name);
    if (included === undefined) return null;
    const body = read.get(name) ?? bodyOf(name, included, marks, reading);
    read.set(name, body);
    return body;
  };
  try {
    const { output, decided } = rendered(file.body(reading, options), { names, reading, include }, (made) => made);
    if (!output) return { text: '', secrets: [], lines: [1], decided: shifted(decided, lines) };
    return {
      text: output.text + lostNewlines(file.source, output.text, marks.newline),
      secrets: output.secrets.map((piece) => ({ ...piece, line: piece.line + lines })),
      lines: output.lines().map((line) => line + lines),
      decided: decided && shifted(decided, lines),
    };
  } catch (error) {
    if (error instanceof TemplateMistake && error.line > 0 && typeof error.file !== 'string') error.line += lines;
    throw error;
  }
}

function shifted({ line, file }: Decision, lines: number): Decision {
  return { file, line: file === null ? line + lines : line };
}

function bodyOf(name: string, file: TemplateFile, marks: Marks, reading: Reading): Body {
  try {
    return file.bodyWithin(marks, reading);
  } catch (error) {
    throw error instanceof TemplateMistake ? error.of(name) : error;
  }
}

/**
 * Renders a variable’s value. A result that looks like a list, a mapping or a boolean becomes one, as in Ansible
 * without native types.
 */
export function renderVariable(source: string, names: Names, reading: Reading): Tracked {
  const made = (text: string): Value => evaluated(text, reading);
  const include: Include = () => {
    throw notSupported('the tag “include” in a variable');
  };
  payForParsing(source, reading);
  const body = parseTemplate(source, ANSIBLE_MARKS, true, reading.settings.extensions);
  const { text, secret, stored, pieces } = reading.taint.apart(() => {
    const output = bodyRendered(body, { names, reading, include }, made);
    const isDecided = reading.taint.decided !== null;
    const isSecret = output.isSecret || isDecided;
    const own = isDecided ? [] : output.secrets;
    return { text: output.text, secret: isSecret, stored: isSecret && isStored(body, names, reading), pieces: own };
  });
  const value = evaluated(text, reading);
  const kept = typeof value === 'string' ? value + lostNewlines(source, value) : value;
  if (!secret) return { value: kept, secret };
  // Of a list or mapping, the secrets within are known by their texts.
  const isHeld = pieces.length > 0 && pieces.every((piece) => piece.isHeld);
  if (typeof kept !== 'string') return { value: kept, secret, stored, isHeld };
  if (!stored && pieces.length > 0 && reading.secrets.addPieces(kept, pieces))
    return { value: kept, secret, pieces: true };
  reading.secrets.add(kept, stored ? 'stored' : 'derived');
  return { value: kept, secret, stored };
}

/** Whether a variable’s template only gives another stored secret: `{{ vault_redis_password }}`. */
function isStored(body: Body, names: Names, reading: Reading): boolean {
  const [print, ...more] = body;
  if (print?.kind !== 'print' || more.length > 0 || !isReference(print.value)) return false;
  return new Evaluator(names, reading).tracked(print.value, new Locals()).stored === true;
}

type Made = (text: string) => Value;

interface Surroundings {
  names: Names;
  reading: Reading;
  include: Include;
}

/** The output; null if it failed after a secret decided what to print: that it failed would reveal something, too. */
function rendered(
  body: Body,
  around: Surroundings,
  made: Made,
): { output: Output; decided: Decision | null } | { output: null; decided: Decision } {
  const { taint } = around.reading;
  return taint.apart(() => {
    try {
      const output = bodyRendered(body, around, made);
      return { output, decided: taint.decided };
    } catch (error) {
      if (error instanceof TemplateMistake && taint.decided) return { output: null, decided: taint.decided };
      throw error;
    }
  });
}

function bodyRendered(body: Body, { names, reading, include }: Surroundings, made: Made): Output {
  return reading.budget.deeper(() => renderBody(body, names, reading, made, include));
}

/** Names of the files a template includes; empty if it cannot be parsed, which rendering reports. */
export function includesOf(file: TemplateFile, reading: Reading, options?: MarkOptions): readonly string[] {
  try {
    return namesOfIncludes(file.body(reading, options));
  } catch (error) {
    mistakeOf(error);
    return [];
  }
}

/** The names that a template mentions; null if it cannot be parsed. */
export function namesOf(file: TemplateFile, reading: Reading, options?: MarkOptions): ReadonlySet<string> | null {
  try {
    return new Set(namesIn(file.body(reading, options)));
  } catch (error) {
    mistakeOf(error);
    return null;
  }
}

function namesOfIncludes(body: Body): readonly string[] {
  return body.flatMap((statement): readonly string[] => {
    switch (statement.kind) {
      case 'include':
        return statement.names;
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
      case 'do':
      case 'set':
      case 'break':
      case 'continue':
        return [];
    }
  });
}

/** Ansible’s safe_eval for results. */
function evaluated(text: string, reading: Reading): Value {
  if (!/^[{[]/.test(text) && text !== 'True' && text !== 'False') return text;
  return literalOf(text, reading, true) ?? text;
}

function lostNewlines(source: string, text: string, newline = '\n'): string {
  return newline.repeat(Math.max(0, newlinesAtEnd(source) - newlinesAtEnd(text)));
}

function newlinesAtEnd(text: string): number {
  let count = 0;
  while (count < text.length && text[text.length - 1 - count] === '\n') count += 1;
  return count;
}
