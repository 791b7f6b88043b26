import type { Report, Section } from '../../domain/report.ts';
import { cutTo, footerOf, headOf, MARKDOWN_LIMIT, sectionText } from './markdown.ts';
import { visibleReport } from '../text/plain-text.ts';
import { largest, sizeOf, sliceOf } from '../text/section-slice.ts';

/** Reserved for text around a block: a part’s first line, a fold. */
const RESERVE = 512;
const ROOM = MARKDOWN_LIMIT - RESERVE;
/** More comments than this would be a flood. */
const MOST_PARTS = 20;

/**
 * A report for GitHub in as many comments as needed, each at most 65,000 characters: split between sections, and inside
 * a section only if it is too large, between its rows, items or lines. Diffs are folded.
 */
export function markdownParts(report: Report): readonly string[] {
  const shown = visibleReport(report);
  const parts: string[][] = [[]];
  let room = ROOM;
  for (const block of blocksOf(shown)) {
    if (block === '') continue;
    if (block.length + 2 > room && parts.length === MOST_PARTS) {
      parts.at(-1)?.push('**Cut here:** the rest is not shown; `redisops plan` shows all of it.');
      break;
    }
    if (block.length + 2 > room) {
      parts.push([]);
      room = ROOM;
    }
    parts.at(-1)?.push(block);
    room -= block.length + 2;
  }
  return parts.map((texts, at) => `${[...partOf(at, parts.length), ...texts].join('\n\n')}\n`);
}

function partOf(at: number, of: number): readonly string[] {
  return of === 1 ? [] : [`<sub>Part ${at + 1} of ${of}</sub>`];
}

function* blocksOf(report: Report): Generator<string> {
  yield cutTo(headOf(report), ROOM / 2);
  for (const section of report.sections) yield* slicesOf(section);
  yield footerOf(report);
}

function* slicesOf(section: Section): Generator<string> {
  const size = sizeOf(section);
  for (let from = 0; from < size;) {
    const fits = fitting(
      size - from,
      (count) => blockOf(sliceOf(section, from, from + count), from).length <= ROOM - 2,
    );
    // A single line may be too long for a comment.
    if (fits === 0) yield '(A line too long for a GitHub comment.)';
    else yield blockOf(sliceOf(section, from, from + fits), from);
    from += Math.max(1, fits);
  }
}

/** Like `largest`, but skips sizes that are far too large. */
function fitting(most: number, holds: (count: number) => boolean): number {
  let bound = Math.min(most, 64);
  while (bound < most && holds(bound)) bound = Math.min(most, bound * 2);
  return largest(bound, holds);
}

/** @param from Where the slice begins in its section. */
function blockOf(section: Section, from: number): string {
  const heading = section.heading === undefined || from === 0 ? section.heading : `${section.heading} (continued)`;
  const named: Section = heading === undefined ? section : { ...section, heading };
  if (section.kind !== 'code') return sectionText(named);
  const { heading: _, ...body } = section;
  const title = heading === undefined ? '' : `${sectionText({ kind: 'text', heading, text: '' })}\n\n`;
  return `${title}<details><summary>Show</summary>\n\n${sectionText(body)}\n\n</details>`;
}
