import type { ListItem, Report, Section } from '../../src/domain/report.ts';

export function headingsOf({ sections }: Report): readonly (string | undefined)[] {
  return sections.map(({ heading }) => heading);
}

export function sectionOf({ sections }: Report, heading: string): Section | undefined {
  return sections.find((section) => section.heading === heading);
}

export function rowsOf(report: Report, heading: string): readonly (readonly string[])[] {
  const section = sectionOf(report, heading);
  if (section?.kind !== 'table') throw new Error(`no table “${heading}”`);
  return section.rows;
}

export function itemsOf(report: Report, heading?: string): readonly ListItem[] {
  const section = report.sections.find((each) => each.heading === heading && each.kind === 'list');
  if (section?.kind !== 'list') throw new Error(`no list “${heading}”`);
  return section.items;
}
