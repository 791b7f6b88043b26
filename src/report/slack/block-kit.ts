import type { Origin } from '../../domain/run/run.ts';
import type { ListItem, Report, Section, Tone } from '../../domain/report.ts';
import { askedBy } from '../parts/asked-by.ts';
import { plain, type Block, type ContextBlock, type RichTextElement, type RichTextRun } from './block-kit-types.ts';
import { packed } from './block-kit-pack.ts';
import { cut, oneLine, runsOf, visibleReport } from '../text/plain-text.ts';
import { largest, sizeOf, sliceOf } from '../text/section-slice.ts';
import { textTable } from '../text/text-table.ts';

/** Slack’s limits, with a margin: 3,000 characters per text, 150 per header. */
const TEXT_LIMIT = 2_800;
const HEADER_LIMIT = 150;
/** Each run costs JSON: a text with more code spans is shown as plain text. */
const MOST_RUNS = 60;
/** Columns that fit in Slack’s code block without wrapping. */
const TABLE_WIDTH = 88;

const MARKS: Readonly<Record<Tone, string>> = { good: '✅ ', warning: '⚠️ ', bad: '❌ ', neutral: '', running: '⏳ ' };
const SLACK_USER = /^[UW][A-Z0-9]{2,20}$/;

/**
 * A report as Slack messages: each inner array is one message. All data is rich text, in which Slack interprets
 * nothing. Anything beyond ten messages is cut, with a note.
 */
export function blockKit(report: Report): readonly Block[][] {
  const shown = visibleReport(report);
  const title = escaped(cut(MARKS[shown.tone] + shown.title, HEADER_LIMIT / 2), HEADER_LIMIT);
  return packed([
    ...(title === '' ? [] : [{ type: 'header', text: plain(title) } as const]),
    ...introduction(shown),
    ...shown.sections.flatMap(sectionBlocks),
    ...footer(shown.footer ?? []),
  ]);
}

/** Text for notifications and screen readers, which do not show blocks. */
export function fallbackText({ tone, title, summary }: Report): string {
  return escaped(cut(oneLine(`${MARKS[tone]}${title}: ${summary}`), 300), 1_000);
}

/** For plain text objects; rich text needs no escaping. Never cuts inside an entity. */
function escaped(text: string, limit: number): string {
  const whole = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return whole.length <= limit
    ? whole
    : whole
        .slice(0, limit - 1)
        .replace(/&[a-z]*$/, '')
        .replace(/[\uD800-\uDBFF]$/, '') + '…';
}

function introduction({ summary, askedBy: origin, next }: Report): Block[] {
  const runs = [
    ...pieces(summary).map(textRuns),
    ...(origin && origin.actor !== '' ? [personRuns(origin)] : []),
    ...(next ? pieces(next).map((piece) => [{ type: 'text', text: '→ ' } as const, ...textRuns(piece)]) : []),
  ];
  return runs
    .filter((line) => line.length > 0)
    .map((line) => richText([{ type: 'rich_text_section', elements: line }]));
}

/** The only place that names a person for Slack to resolve: a user element made from an ID only. */
function personRuns(origin: Origin): RichTextRun[] {
  const { before, person, after } = askedBy(origin);
  const who: RichTextRun =
    origin.from === 'slack' && SLACK_USER.test(person)
      ? { type: 'user', user_id: person }
      : { type: 'text', text: cut(person, 100) };
  return [{ type: 'text', text: before }, who, ...(after === '' ? [] : [{ type: 'text', text: after } as const])];
}

/** One block, or several if the section exceeds Slack’s limit. */
function sectionBlocks(section: Section): Block[] {
  return divided(section).flatMap((part, at) => {
    const heading = at === 0 && section.heading ? [bold(cut(section.heading, 300))] : [];
    return bodyPieces(part).map((body, piece) => richText(elementsOf(piece === 0 ? heading : [], body, part.kind)));
  });
}

/** Parts of a section with at most TEXT_LIMIT characters each, or a single longer item. */
function divided(section: Section): Section[] {
  if (section.kind === 'text') return [section];
  const size = sizeOf(section);
  const parts: Section[] = [];
  for (let from = 0; from < size;) {
    const fits = (more: number) => bodyText(sliceOf(section, from, from + more)).length <= TEXT_LIMIT;
    const taken = Math.max(1, largest(Math.min(size - from, TEXT_LIMIT), fits));
    parts.push(sliceOf(section, from, from + taken));
    from += taken;
  }
  return parts.length === 0 ? [section] : parts;
}

function bodyText(section: Section): string {
  switch (section.kind) {
    case 'text':
      return section.text;
    case 'list':
      return section.items.map(itemText).join('\n');
    case 'table':
      return textTable(section, TABLE_WIDTH).join('\n');
    case 'code':
      return section.lines.join('\n');
  }
}

function itemText({ tone, text }: ListItem): string {
  return (tone === 'neutral' ? '• ' : MARKS[tone]) + text;
}

function bodyPieces(section: Section): readonly string[] {
  const text = bodyText(section);
  return text === '' ? [''] : pieces(text);
}

/** Splits text into pieces for Slack: at a nearby line or word end, never inside a character. */
function pieces(text: string): readonly string[] {
  const found: string[] = [];
  for (let rest = text; rest !== '';) {
    const piece = rest.length <= TEXT_LIMIT ? rest : firstPiece(rest.slice(0, TEXT_LIMIT));
    found.push(piece);
    rest = rest.slice(piece.length);
  }
  return found;
}

function firstPiece(text: string): string {
  const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf(' '));
  return end > TEXT_LIMIT * 0.8 ? text.slice(0, end + 1) : text.replace(/[\uD800-\uDBFF]$/, '');
}

function elementsOf(heading: readonly RichTextRun[], body: string, kind: Section['kind']): RichTextElement[] {
  switch (kind) {
    case 'text':
    case 'list': {
      const runs = [...heading, ...textRuns(heading.length > 0 && body !== '' ? `\n${body}` : body)];
      return runs.length === 0 ? [] : [{ type: 'rich_text_section', elements: runs }];
    }
    case 'table':
    case 'code': {
      const elements: RichTextElement[] = [];
      if (heading.length > 0) elements.push({ type: 'rich_text_section', elements: [...heading] });
      if (body !== '') elements.push({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: body }] });
      return elements;
    }
  }
}

function textRuns(text: string): RichTextRun[] {
  const runs = runsOf(text);
  if (runs.length > MOST_RUNS) return [{ type: 'text', text }];
  return runs.map(({ text: run, code }) => ({ type: 'text', text: run, ...(code ? { style: { code } } : {}) }));
}

function bold(text: string): RichTextRun {
  return { type: 'text', text, style: { bold: true } };
}

function richText(elements: RichTextElement[]): Block {
  return { type: 'rich_text', elements };
}

function footer(lines: readonly string[]): ContextBlock[] {
  return lines.length === 0 ? [] : [{ type: 'context', elements: [plain(escaped(lines.join(' · '), TEXT_LIMIT))] }];
}
