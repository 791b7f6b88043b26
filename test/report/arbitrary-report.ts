import * as fc from 'fast-check';
import type { Report, Section } from '../../src/domain/report.ts';

/** Pieces that a terminal, Slack or GitHub would act upon if they were let. */
export const HOSTILE = [
  '<!channel>',
  '<!here|here>',
  '<@U024BE7LH>',
  '<https://evil.example|click>',
  '@here',
  '@ada',
  'https://evil.example/x',
  'www.evil.example',
  '#12',
  '*bold*',
  '_it_',
  '~struck~',
  '[x](http://e.example)',
  '<script>alert(1)</script>',
  '&lt;',
  '```',
  '`',
  '| a | b |',
  '\u001B[31mred\u001B[0m',
  '\u001B]0;title\u0007',
  '\u202Eesrever',
  '\r\n',
  '\n\n# heading',
  '\u0000',
  ':tada:',
  '\\',
  '名前',
] as const;

export const text = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 12 })), { maxLength: 5 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.lorem({ maxCount: 30 }),
);

const tone = fc.constantFrom('good', 'warning', 'bad', 'neutral', 'running');

const section: fc.Arbitrary<Section> = fc.oneof(
  fc.record({ kind: fc.constant('text'), heading: text, text }),
  fc.record({ kind: fc.constant('list'), items: fc.array(fc.record({ tone, text }), { maxLength: 6 }) }),
  fc.record({
    kind: fc.constant('table'),
    columns: fc.array(text, { minLength: 1, maxLength: 5 }),
    rows: fc.array(fc.array(text, { maxLength: 6 }), { maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('code'),
    heading: text,
    language: fc.constantFrom('diff', 'log', 'ini'),
    lines: fc.array(text, { maxLength: 8 }),
  }),
);

export const report: fc.Arbitrary<Report> = fc.record({
  title: text,
  tone,
  summary: text,
  next: text,
  askedBy: fc.record({ from: fc.constantFrom('slack', 'github', 'cli'), actor: text }),
  footer: fc.array(text, { maxLength: 3 }),
  sections: fc.array(section, { maxLength: 5 }),
});

/** Every cell, item, line and text of a report. */
export function factsOf({ sections }: Report): readonly string[] {
  return sections.flatMap((each) => {
    switch (each.kind) {
      case 'text':
        return [each.text];
      case 'list':
        return each.items.map((item) => item.text);
      case 'table':
        return [...each.columns, ...each.rows.flat()];
      case 'code':
        return [...each.lines];
    }
  });
}
