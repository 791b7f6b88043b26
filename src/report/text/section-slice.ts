import type { Section } from '../../domain/report.ts';

/** How many rows, items, lines or characters a section has: what it can be divided by. */
export function sizeOf(section: Section): number {
  switch (section.kind) {
    case 'text':
      return section.text.length;
    case 'list':
      return section.items.length;
    case 'table':
      return section.rows.length;
    case 'code':
      return section.lines.length;
  }
}

/** A part of a section, from one position up to another; never half a character. */
export function sliceOf(section: Section, from: number, to: number): Section {
  switch (section.kind) {
    case 'text':
      return { ...section, text: section.text.slice(from, to).replace(/[\uD800-\uDBFF]$/, '') };
    case 'list':
      return { ...section, items: section.items.slice(from, to) };
    case 'table':
      return { ...section, rows: section.rows.slice(from, to) };
    case 'code':
      return { ...section, lines: section.lines.slice(from, to) };
  }
}

/** What the parts are called, for a note on what is not shown. */
export function partsOf(section: Section): string {
  switch (section.kind) {
    case 'text':
      return 'characters';
    case 'list':
      return 'items';
    case 'table':
      return 'rows';
    case 'code':
      return 'lines';
  }
}

/** The largest number from 0 to `most` for which the predicate holds; it holds up to some number and not after it. */
export function largest(most: number, holds: (candidate: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
