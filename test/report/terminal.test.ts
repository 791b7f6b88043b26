import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report, Section } from '../../src/domain/report.ts';
import { terminal } from '../../src/report/terminal.ts';
import { report } from './arbitrary-report.ts';

const PLAIN: Report = { title: 'redis: degraded', tone: 'warning', summary: 'Two of three.', sections: [] };

function shown(section: Section, width = 60): readonly string[] {
  return terminal({ ...PLAIN, sections: [section] }, { colour: false, width })
    .split('\n')
    .slice(3, -1);
}

describe('terminal', () => {
  it('lets no control character through', () => {
    fc.assert(
      fc.property(report, (any) => {
        expect(terminal(any, { colour: false })).not.toMatch(/[\p{Cf}]|(?!\n)\p{Cc}/u);
      }),
    );
  });

  it('has no trailing spaces, and one newline at the end', () => {
    fc.assert(
      fc.property(report, fc.integer({ min: 20, max: 160 }), (any, width) => {
        const text = terminal(any, { colour: false, width });
        expect(text).not.toMatch(/ $/m);
        expect(text).toMatch(/[^\n]\n$|^\n$/);
      }),
    );
  });

  it('says the same with colours', () => {
    fc.assert(
      fc.property(report, (any) => {
        expect(stripVTControlCharacters(terminal(any, { colour: true }))).toBe(terminal(any, { colour: false }));
      }),
    );
  });

  it('marks and colours by tone', () => {
    expect(terminal(PLAIN, { colour: true })).toBe(
      '\u001B[33m!\u001B[0m \u001B[1mredis: degraded\u001B[0m\nTwo of three.\n',
    );
  });

  it('colours a difference', () => {
    const section: Section = { kind: 'code', language: 'diff', lines: ['+ new', '- old', '  same'] };
    const text = terminal({ ...PLAIN, sections: [section] }, { colour: true });
    expect(text).toContain('  \u001B[32m+ new\u001B[0m\n  \u001B[31m- old\u001B[0m\n    same\n');
  });

  it('aligns a table, figures to the right', () => {
    const section: Section = {
      kind: 'table',
      columns: ['node', 'keys', 'lag'],
      rows: [
        ['redis-01', '12,040', '–'],
        ['名前', '7', '1.5 KiB'],
      ],
    };
    expect(shown(section)).toEqual([
      '  node        keys      lag',
      '  ────────  ──────  ───────',
      '  redis-01  12,040        –',
      '  名前           7  1.5 KiB',
    ]);
  });

  it('wraps the last column of a wide table', () => {
    const section: Section = {
      kind: 'table',
      columns: ['code', 'meaning'],
      rows: [['DONE', 'The run is complete and the result was verified.']],
    };
    expect(shown(section, 46)).toEqual([
      '  code  meaning',
      '  ────  ──────────────────────────────────────',
      '  DONE  The run is complete and the result was',
      '        verified.',
    ]);
  });

  it('shows the rows of a table that is too wide one below the other', () => {
    const wide = 'x'.repeat(40);
    expect(
      shown({
        kind: 'table',
        columns: ['a', 'longer'],
        rows: [
          [wide, wide],
          ['1', '2'],
        ],
      }),
    ).toEqual([`  a       ${wide}`, `  longer  ${wide}`, '', '  a       1', '  longer  2']);
  });

  it('wraps an item under its mark', () => {
    const item = { tone: 'bad', text: 'a link that has been down since the start\nand a second line' } as const;
    expect(shown({ kind: 'list', heading: 'Reasons', items: [item] }, 40)).toEqual([
      'Reasons',
      '  ✖ a link that has been down since the',
      '    start',
      '    and a second line',
    ]);
  });

  it('keeps a long word whole', () => {
    const path = `/etc/${'x'.repeat(80)}`;
    expect(shown({ kind: 'text', text: `see ${path} there` }, 40)).toEqual(['  see', `  ${path}`, '  there']);
  });
});
