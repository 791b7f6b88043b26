import type { TableSection } from '../../domain/report.ts';
import { padded, textWidth, wrapped } from './text-width.ts';

const GAP = '  ';
/** A narrower last column is hard to read. */
const LEAST_LAST_COLUMN = 24;
const FIGURE = /^[-+]?[\d.,]+(?:\s?(?:%|ms|s|[KMGTP]?i?B))?$/;

/**
 * A table in a fixed-width font; the first two lines are its head. If too wide, its last column is wrapped; if that is
 * not enough, each row becomes lines of `column: value`.
 */
export function textTable({ columns, rows }: Pick<TableSection, 'columns' | 'rows'>, width: number): readonly string[] {
  const cells = rows.map((row) =>
    Array.from({ length: Math.max(columns.length, row.length) }, (_, at) => row[at] ?? ''),
  );
  const count = Math.max(columns.length, ...cells.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) =>
    columnWidth([columns[at] ?? '', ...cells.map((row) => row[at] ?? '')]),
  );
  const left = widths.slice(0, -1).reduce((sum, each) => sum + each + GAP.length, 0);
  const last = widths.at(-1) ?? 0;
  if (left + last > width && width - left < Math.min(last, LEAST_LAST_COLUMN)) return stacked(columns, cells);

  const shown = [...widths.slice(0, -1), Math.min(last, width - left)];
  const sides = shown.map((_, at) => sideOf(cells.map((row) => row[at] ?? '')));
  const line = (row: readonly string[]) => tableLines(row, shown, sides);
  return [
    ...line(Array.from({ length: count }, (_, at) => columns[at] ?? '')),
    shown.map((each) => '─'.repeat(each)).join(GAP),
    ...cells.flatMap(line),
  ];
}

function columnWidth(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(textWidth));
}

/** Figures are aligned to the right. */
function sideOf(cells: readonly string[]): 'left' | 'right' {
  const figures = cells.filter((cell) => FIGURE.test(cell));
  return figures.length > 0 && cells.every((cell) => cell === '' || cell === '–' || FIGURE.test(cell))
    ? 'right'
    : 'left';
}

function tableLines(
  row: readonly string[],
  widths: readonly number[],
  sides: readonly ('left' | 'right')[],
): readonly string[] {
  const lastWidth = widths.at(-1) ?? 0;
  const [first = '', ...others] = wrapped(row[widths.length - 1] ?? '', lastWidth);
  const left = widths.slice(0, -1).map((width, at) => padded(row[at] ?? '', width, sides[at]) + GAP);
  const indent = ' '.repeat(textWidth(left.join('')));
  const head = left.join('') + padded(first, lastWidth, sides.at(-1));
  return [head, ...others.map((other) => indent + other)].map((line) => line.trimEnd());
}

function stacked(columns: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return columns;
  const width = columnWidth(columns);
  return rows.flatMap((row, at) => [
    ...(at === 0 ? [] : ['']),
    ...row.map((cell, column) => `${padded(columns[column] ?? '', width)}${GAP}${cell}`.trimEnd()),
  ]);
}
