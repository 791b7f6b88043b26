import { TemplateMistake } from './mistake.ts';
import type { Reading } from './reading.ts';
import { ANSIBLE_MARKS, type Marks } from './syntax/lexer.ts';
import { parseTemplate } from './syntax/parse-template.ts';
import type { Body } from './syntax/syntax.ts';

const OVERRIDE = '#jinja2:';
const LONGEST = 256 * 1024;

/** Options of a template task, by the module’s names; booleans as `true` and `false`. */
export type MarkOptions = ReadonlyMap<string, string>;

const NO_OPTIONS: MarkOptions = new Map();

/** Settings in the first line. */
interface Head {
  text: string;
  marks: Marks;
  /** Number of lines before the text. */
  lines: number;
}

/** A template’s file, parsed on first use and rendered for many hosts. */
export class TemplateFile {
  readonly source: string;
  #head: { head: Head; options: MarkOptions } | null = null;
  #parsed: { text: string; marks: Marks; body: Body } | null = null;

  constructor(source: string) {
    this.source = source;
  }

  /** @param options Of the template task; the first line wins over them. @throws TemplateMistake */
  head(options: MarkOptions = NO_OPTIONS): Head {
    if (this.#head?.options !== options) this.#head = { head: headOf(this.source, options), options };
    return this.#head.head;
  }

  /** @throws TemplateMistake */
  body(reading: Reading, options: MarkOptions = NO_OPTIONS): Body {
    const { text, marks } = this.head(options);
    return this.#body(text, marks, reading);
  }

  /** As part of another template, whose marks apply; its own first line does not. @throws TemplateMistake */
  bodyWithin(marks: Marks, reading: Reading): Body {
    return this.#body(this.source, marks, reading);
  }

  #body(text: string, marks: Marks, reading: Reading): Body {
    payForParsing(text, reading);
    if (this.#parsed?.text !== text || this.#parsed.marks !== marks)
      this.#parsed = { text, marks, body: parseTemplate(text, marks, false, reading.settings.extensions) };
    return this.#parsed.body;
  }
}

/** Charges for parsing, even from the cache: whether a template renders must not depend on luck. */
export function payForParsing(text: string, { budget }: Reading): void {
  if (text.length > LONGEST) throw new TemplateMistake(`is longer than ${LONGEST} characters`, 1);
  budget.spend(1 + Math.floor(text.length / 4));
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

const NEWLINES: Readonly<Record<string, string>> = {
  '\n': '\n',
  '\r': '\r',
  '\r\n': '\r\n',
  [String.raw`\n`]: '\n',
  [String.raw`\r`]: '\r',
  [String.raw`\r\n`]: '\r\n',
};

/** Options of Ansible’s template module by name. @throws TemplateMistake */
function marksOf(options: MarkOptions): Marks {
  const marks = { ...ANSIBLE_MARKS };
  for (const [name, value] of options) {
    const flag = Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined;
    const sign = Object.hasOwn(SIGNS, name) ? SIGNS[name] : undefined;
    const newline = name === 'newline_sequence' ? NEWLINES[value] : undefined;
    if (flag) marks[flag] = value === 'true';
    else if (sign && value !== '' && value.length <= 5) marks[sign] = value;
    else if (newline !== undefined) marks.newline = newline;
    else throw new TemplateMistake(`the option ${name} of its template task is not supported`, 1);
  }
  return marks;
}

/** `#jinja2: lstrip_blocks: True` in the first line. */
function headOf(source: string, options: MarkOptions): Head {
  const given = marksOf(options);
  if (!source.startsWith(OVERRIDE)) return { text: source, marks: given, lines: 0 };
  const end = source.indexOf('\n');
  if (end > 1000) throw new TemplateMistake('has a line behind #jinja2: that is too long', 1);
  if (end === -1) throw new TemplateMistake('has nothing behind #jinja2:', 1);
  const marks = { ...given };
  for (const pair of source.slice(OVERRIDE.length, end).split(',')) {
    const [, key = '', value = ''] = /^(\w+)\s*:\s*(\S.*)$/.exec(pair.trim()) ?? [];
    const flag = Object.hasOwn(FLAGS, key) ? FLAGS[key] : undefined;
    const sign = Object.hasOwn(SIGNS, key) ? SIGNS[key] : undefined;
    const text = /^(['"])([^'"\\\s]{1,5})\1$/.exec(value)?.[2];
    const newline = key === 'newline_sequence' ? NEWLINES[value.replaceAll(/^['"]|['"]$/g, '')] : undefined;
    if (newline !== undefined) marks.newline = newline;
    else if (flag && /^(?:True|False)$/.test(value)) marks[flag] = value === 'True';
    else if (sign && text !== undefined) marks[sign] = text;
    else throw new TemplateMistake('has something behind #jinja2: that is not supported', 1);
  }
  return { text: source.slice(end + 1), marks, lines: 1 };
}
