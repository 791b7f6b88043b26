import type { Section } from '../../domain/report.ts';

/** Number of rows, items, lines or characters: the units by which a section is split. */
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

/** A slice of a section; never splits a character. */
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

/** The name of the units, for a note on what is not shown. */
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

/**
 * The largest number up to `most` that satisfies the predicate, which must be monotonic. Tries small ones first: the
 * predicate may cost as much as its number, for each part of a long section.
 */
export function largest(most: number, holds: (candidate: number) => boolean): number {
  let low = 0;
  let next = 1;
  while (next < most && holds(next)) {
    low = next;
    next *= 2;
  }
  let high = Math.min(next, most);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
