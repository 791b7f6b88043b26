import { describe, expect, it } from 'vitest';
import { helpReport } from '../../src/report/help-report.ts';

describe('helpReport', () => {
  it('is a table if the commands are short', () => {
    const [section] = helpReport([
      { name: 'resync', usage: '/redis resync NODE', summary: 'Synchronize again' },
    ]).sections;
    expect(section).toEqual({
      kind: 'table',
      columns: ['command', 'does'],
      rows: [['/redis resync NODE', 'Synchronize again']],
    });
  });

  it('is a list if one is long', () => {
    const usage = `redisops render NODE ${'[--file x]'.repeat(6)}`;
    const [section] = helpReport([{ name: 'render', usage, summary: 'Print the bytes that Git asks for' }]).sections;
    expect(section).toEqual({
      kind: 'list',
      items: [{ tone: 'neutral', text: `\`${usage}\`\nPrint the bytes that Git asks for` }],
    });
  });
});
