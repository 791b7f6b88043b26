import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report, Section } from '../../../src/domain/report.ts';
import { cell, fenced, inline } from '../../../src/report/markdown/escape.ts';
import { MARKDOWN_LIMIT, markdown } from '../../../src/report/markdown/markdown.ts';
import { report } from '../arbitrary-report.ts';

const PLAIN: Report = { title: 'redis: done', tone: 'good', summary: 'Done.', sections: [] };

describe('inline', () => {
  it.each([
    ['a_directive_name stays', 'a_directive_name stays'],
    ['_emphasis_', '\\_emphasis\\_'],
    ['**bold**', '\\*\\*bold\\*\\*'],
    ['~~struck~~', '\\~\\~struck\\~\\~'],
    ['[x](y)', '\\[x\\](y)'],
    ['<script>', '\\<script>'],
    ['&lt; but R&D', '\\&lt; but R&D'],
    ['a | b', 'a \\| b'],
    ['@ada', '@\u200Bada'],
    ['https://evil.example', 'https:\u200B//evil.example'],
    ['www.evil.example', 'www\u200B.evil.example'],
    ['see #12', 'see #\u200B12'],
    ['a :tada: b', 'a :\u200Btada: b'],
    ['10:20:30', '10:20:30'],
    ['# heading', '\\# heading'],
    ['- item', '\\- item'],
    ['> quotation', '\\> quotation'],
    ['1. item', '1\\. item'],
    ['---', '\\---'],
    ['text\n===', 'text\n\\==='],
    ['    indented', 'indented'],
    ['run `redisops doctor`', 'run `redisops doctor`'],
    ['a ` alone', 'a \\` alone'],
    ['$math$', '\\$math\\$'],
  ])('%j becomes %j', (text, shown) => {
    expect(inline(text)).toBe(shown);
  });
});

describe('cell', () => {
  it.each([
    ['a|b', 'a\\|b'],
    ['`code`', '\\`code\\`'],
    ['two\nlines', 'two lines'],
  ])('%j becomes %j', (text, shown) => {
    expect(cell(text)).toBe(shown);
  });
});

describe('fenced', () => {
  it.each([
    [['no ticks'], '```'],
    [['```', 'text'], '````'],
    [['a ````` b'], '``````'],
  ])('%j stands in %s', (lines, fence) => {
    expect(fenced(lines, 'diff').split('\n')).toEqual([`${fence}diff`, ...lines, fence]);
  });
});

describe('markdown', () => {
  it('keeps GitHub’s limit for any report', () => {
    fc.assert(
      fc.property(report, (any) => {
        expect(markdown(any).length).toBeLessThanOrEqual(MARKDOWN_LIMIT);
      }),
    );
  });

  it('writes title, summary, next and small print', () => {
    const text = markdown({
      ...PLAIN,
      askedBy: { from: 'github', actor: 'ada', pullRequest: 12 },
      next: 'Rest.',
      footer: ['Run 1', 'Git 2'],
    });
    expect(text).toBe(
      '## ✅ redis: done\n\nDone.\n\nMerged by ada in pull request #\u200B12\n\n**Next:** Rest.\n\n---\n\n<sub>Run 1 · Git 2</sub>\n',
    );
  });

  it('writes a table whose rows all have its columns', () => {
    const section: Section = {
      kind: 'table',
      heading: 'Nodes',
      columns: ['node', 'role'],
      rows: [['redis-01'], ['a|b', '']],
    };
    expect(markdown({ ...PLAIN, sections: [section] })).toContain(
      '### Nodes\n\n| node | role |\n| --- | --- |\n| redis-01 |  |\n| a\\|b |  |',
    );
  });

  it.each<[string, Section, RegExp]>([
    [
      'code',
      { kind: 'code', language: 'log', lines: Array.from({ length: 9_000 }, (_, at) => `line ${at}`) },
      /\*\*Cut here:\*\* .* \d+ lines are not shown, nor is 1 section after them\./,
    ],
    [
      'table',
      { kind: 'table', columns: ['n'], rows: Array.from({ length: 9_000 }, (_, at) => [`cell ${at}`]) },
      /\d+ rows are not shown/,
    ],
    [
      'list',
      { kind: 'list', items: Array.from({ length: 9_000 }, (_, at) => ({ tone: 'bad', text: `item ${at}` })) },
      /\d+ items are not shown/,
    ],
    ['text', { kind: 'text', text: 'words '.repeat(20_000) }, /\d+ characters are not shown/],
  ])('cuts a long %s honestly and stays whole', (_, section, note) => {
    const text = markdown({ ...PLAIN, sections: [section, { kind: 'text', text: 'after' }], footer: ['Run 1'] });
    expect(text.length).toBeLessThanOrEqual(MARKDOWN_LIMIT);
    expect(text.length).toBeGreaterThan(60_000);
    expect(text).toMatch(note);
    expect(text.match(/^```/gm)?.length ?? 0).toBe(section.kind === 'code' ? 2 : 0);
    expect(text).toMatch(/<sub>Run 1<\/sub>\n$/);
  });

  it('counts what it leaves out', () => {
    const lines = Array.from({ length: 9_000 }, (_, at) => `line ${at}`);
    const text = markdown({ ...PLAIN, sections: [{ kind: 'code', language: 'log', lines }] });
    const shown = lines.filter((line) => text.includes(`\n${line}\n`)).length;
    expect(text).toContain(` ${lines.length - shown} lines are not shown.`);
  });
});
