import { stripVTControlCharacters } from 'node:util';
import type { Report, Section } from '../../domain/report.ts';

/** Deceptive invisible characters: bidirectional overrides, zero-width characters, terminal controls. */
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Text without anything that a terminal, Slack or GitHub would interpret invisibly; keeps line breaks. */
export function visible(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replaceAll('\t', '  ')
    .split('\n')
    .map((line) => line.replace(INVISIBLE, '').replace(LONE_SURROGATE, '\uFFFD').trimEnd())
    .join('\n');
}

/** The same on one line. */
export function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim();
}

/** The first `limit` characters, with `…` for the rest. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Shared first step of all formats: the report with visible text only. */
export function visibleReport(report: Report): Report {
  return {
    ...report,
    title: oneLine(report.title),
    summary: visible(report.summary).trim(),
    ...(report.next === undefined ? {} : { next: visible(report.next).trim() }),
    ...(report.footer === undefined ? {} : { footer: report.footer.map(oneLine).filter((line) => line !== '') }),
    ...(report.askedBy === undefined ? {} : { askedBy: { ...report.askedBy, actor: oneLine(report.askedBy.actor) } }),
    sections: report.sections.map(visibleSection),
  };
}

function visibleSection(section: Section): Section {
  const heading = section.heading === undefined ? {} : { heading: oneLine(section.heading) };
  switch (section.kind) {
    case 'text':
      return { ...section, ...heading, text: visible(section.text).trim() };
    case 'list':
      return {
        ...section,
        ...heading,
        items: section.items.map(({ tone, text }) => ({ tone, text: visible(text).trim() })),
      };
    case 'table':
      return {
        ...section,
        ...heading,
        columns: section.columns.map(oneLine),
        rows: section.rows.map((row) => row.map(oneLine)),
      };
    case 'code':
      return { ...section, ...heading, lines: section.lines.flatMap((line) => visible(line).split('\n')) };
  }
}

export interface Run {
  text: string;
  code: boolean;
}

/** Splits text into plain and `code` runs. */
export function runsOf(text: string): readonly Run[] {
  return text
    .split(/(`[^`\n]+`)/)
    .filter((run) => run !== '')
    .map((run) => (/^`[^`\n]+`$/.test(run) ? { text: run.slice(1, -1), code: true } : { text: run, code: false }));
}
