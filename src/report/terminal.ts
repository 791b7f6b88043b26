import type { CodeSection, ListItem, Report, Section, Tone } from '../domain/report.ts';
import { askedByText } from './parts/asked-by.ts';
import { visibleReport } from './text/plain-text.ts';
import { textTable } from './text/text-table.ts';
import { wrapped } from './text/text-width.ts';

export interface TerminalStyle {
  colour: boolean;
  /** Columns; default 100, minimum 40. */
  width?: number;
}

const MARKS: Readonly<Record<Tone, string>> = { good: '✔', warning: '!', bad: '✖', neutral: '•', running: '…' };
const COLOURS = { red: 31, green: 32, yellow: 33, blue: 34, cyan: 36, bold: 1, dim: 2 } as const;
const TONES = { good: 'green', warning: 'yellow', bad: 'red', neutral: 'dim', running: 'blue' } as const;

type Colour = keyof typeof COLOURS;
type Paint = (colour: Colour, text: string) => string;

/** A report for a terminal. Ends with a newline; no line ends with a space. */
export function terminal(report: Report, style: TerminalStyle): string {
  const { title, tone, summary, sections, footer, ...rest } = visibleReport(report);
  const width = Math.max(40, style.width ?? 100);
  const paint: Paint = style.colour ? painted : (_, text) => text;
  const mark = tone === 'neutral' ? '' : `${paint(TONES[tone], MARKS[tone])} `;
  const top = [
    mark + paint('bold', title),
    ...(summary === '' ? [] : wrapped(summary, width)),
    ...(rest.askedBy ? [paint('dim', askedByText(rest.askedBy))] : []),
    ...(rest.next ? hanging('→', paint('cyan', '→'), rest.next, width) : []),
  ];
  const blocks = [top, ...sections.map((section) => sectionLines(section, width, paint))];
  if (footer && footer.length > 0) blocks.push(wrapped(footer.join(' · '), width).map((line) => paint('dim', line)));
  const lines = blocks.filter((block) => block.length > 0).flatMap((block, at) => (at === 0 ? block : ['', ...block]));
  const text = lines.map((line) => line.trimEnd()).join('\n');
  return `${text.trimEnd()}\n`;
}

function painted(colour: Colour, text: string): string {
  const shown = text.trimEnd();
  return shown === '' ? '' : `\u001B[${COLOURS[colour]}m${shown}\u001B[0m`;
}

function sectionLines(section: Section, width: number, paint: Paint): readonly string[] {
  const heading = section.heading ? [paint('bold', section.heading)] : [];
  return [...heading, ...bodyLines(section, width - 2, paint).map((line) => `  ${line}`)];
}

function bodyLines(section: Section, width: number, paint: Paint): readonly string[] {
  switch (section.kind) {
    case 'text':
      return wrapped(section.text, width);
    case 'list':
      return section.items.flatMap((item) => itemLines(item, width, paint));
    case 'table':
      return textTable(section, width).map((line, at) => (at < 2 ? paint('dim', line) : line));
    case 'code':
      return section.lines.map((line) => codeLine(line, section, paint));
  }
}

function itemLines({ tone, text }: ListItem, width: number, paint: Paint): readonly string[] {
  return hanging(MARKS[tone], paint(TONES[tone], MARKS[tone]), text, width);
}

function hanging(mark: string, shown: string, text: string, width: number): readonly string[] {
  const indent = ' '.repeat(mark.length + 1);
  return wrapped(text, width - indent.length).map((line, at) => (at === 0 ? `${shown} ${line}` : indent + line));
}

function codeLine(line: string, { language }: CodeSection, paint: Paint): string {
  if (language === 'log') return paint('dim', line);
  if (language === 'ini') return line;
  if (line.startsWith('+')) return paint('green', line);
  return line.startsWith('-') ? paint('red', line) : line;
}
