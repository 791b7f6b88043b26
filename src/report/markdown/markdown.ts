import type { Report, Section, Tone } from '../../domain/report.ts';
import { askedByText } from '../parts/asked-by.ts';
import { cell, fenced, inline } from './escape.ts';
import { visibleReport } from '../text/plain-text.ts';
import { largest, partsOf, sizeOf, sliceOf } from '../text/section-slice.ts';

/** GitHub allows 65,536 characters; the marker of our comments must fit too. */
export const MARKDOWN_LIMIT = 65_000;
/** Reserved for the note on what was cut, and for the footer. */
const RESERVE = 1_024;

const MARKS: Readonly<Record<Tone, string>> = { good: '✅ ', warning: '⚠️ ', bad: '❌ ', neutral: '', running: '⏳ ' };

/** A report for GitHub, at most 65,000 characters; the rest is cut, with a note. */
export function markdown(report: Report): string {
  const shown = visibleReport(report);
  const footer = footerOf(shown);
  const blocks = [cutTo(headOf(shown), MARKDOWN_LIMIT / 2)];
  let room = MARKDOWN_LIMIT - RESERVE - length(blocks) - footer.length;
  for (const [at, section] of shown.sections.entries()) {
    const text = sectionText(section);
    if (text.length + 2 > room) {
      blocks.push(cutSection(section, room), cutNote(section, room, shown.sections.slice(at + 1)));
      break;
    }
    blocks.push(text);
    room -= text.length + 2;
  }
  return `${[...blocks, footer].filter((block) => block !== '').join('\n\n')}\n`;
}

function length(blocks: readonly string[]): number {
  return blocks.reduce((sum, block) => sum + block.length + 2, 0);
}

export function headOf({ title, tone, summary, askedBy, next }: Report): string {
  const lines = [
    `## ${MARKS[tone]}${inline(title)}`,
    inline(summary),
    askedBy ? inline(askedByText(askedBy)) : '',
    next ? `**Next:** ${inline(next)}` : '',
  ];
  return lines.filter((line) => line !== '').join('\n\n');
}

/** The footer is fine print: cut if too long. */
export function footerOf({ footer = [] }: Report): string {
  const lines = footer.map((line) => inline(line));
  return lines.length === 0 ? '' : cutTo(`---\n\n<sub>${lines.join(' · ')}`, 4_096) + '</sub>';
}

export function sectionText(section: Section): string {
  const heading = section.heading ? [`### ${inline(section.heading)}`] : [];
  return [...heading, bodyText(section)].filter((part) => part !== '').join('\n\n');
}

function bodyText(section: Section): string {
  switch (section.kind) {
    case 'text':
      return inline(section.text);
    case 'list':
      return section.items
        .map(({ tone, text }) => `- ${MARKS[tone]}${inline(text).replaceAll('\n', '\n  ')}`)
        .join('\n');
    case 'table':
      return tableText(section.columns, section.rows);
    case 'code':
      return fenced(section.lines, section.language === 'log' ? 'text' : section.language);
  }
}

function tableText(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const count = Math.max(columns.length, ...rows.map((row) => row.length));
  const line = (texts: readonly string[]) =>
    `| ${Array.from({ length: count }, (_, at) => cell(texts[at] ?? '')).join(' | ')} |`;
  const rule = `|${' --- |'.repeat(count)}`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}

function cutSection(section: Section, room: number): string {
  const fit = fittingParts(section, room);
  return fit === 0 ? '' : sectionText(sliceOf(section, 0, fit));
}

function fittingParts(section: Section, room: number): number {
  return largest(sizeOf(section), (parts) => sectionText(sliceOf(section, 0, parts)).length + 2 <= room);
}

function cutNote(section: Section, room: number, following: readonly Section[]): string {
  const left = sizeOf(section) - fittingParts(section, room);
  const after =
    following.length === 0
      ? ''
      : `, nor ${following.length === 1 ? 'is 1 section' : `are ${following.length} sections`} after them`;
  return `**Cut here:** GitHub’s limit is reached. ${left} ${partsOf(section)} are not shown${after}.`;
}

export function cutTo(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF\\]$/, '')}…`;
}
