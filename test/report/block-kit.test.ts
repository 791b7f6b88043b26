import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/domain/report.ts';
import { approvalButtons, blockKit, fallbackText } from '../../src/report/block-kit.ts';
import type { Block, RichTextRun } from '../../src/report/block-kit-types.ts';
import { HOSTILE, report } from './arbitrary-report.ts';

const PLAIN: Report = { title: 'redis: healthy', tone: 'good', summary: '3 nodes.', sections: [] };

function runsOf(blocks: readonly Block[]): readonly RichTextRun[] {
  return blocks.flatMap((block) =>
    block.type === 'rich_text' ? block.elements.flatMap(({ elements }) => elements) : [],
  );
}

function textsOf(blocks: readonly Block[]): readonly string[] {
  return runsOf(blocks).map((run) => (run.type === 'text' ? run.text : run.user_id));
}

/** Slack’s documented limits, and the size that it takes in practice. */
function expectWithinLimits(messages: readonly Block[][]): void {
  for (const message of messages) {
    expect(message.length).toBeGreaterThan(0);
    expect(message.length).toBeLessThanOrEqual(49);
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(12_000);
    for (const block of message) {
      if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
      if (block.type === 'context') expect(block.elements.length).toBeLessThanOrEqual(10);
      if (block.type === 'context')
        for (const { text } of block.elements) expect(text.length).toBeLessThanOrEqual(3_000);
      if (block.type === 'rich_text') expect(block.elements.length).toBeGreaterThan(0);
    }
    for (const text of textsOf(message)) {
      expect(text.length).toBeGreaterThan(0);
      expect(text.length).toBeLessThanOrEqual(3_000);
    }
  }
}

describe('blockKit', () => {
  it('keeps Slack’s limits for any report', () => {
    fc.assert(
      fc.property(report, (any) => expectWithinLimits(blockKit(any))),
      { numRuns: 300 },
    );
  });

  it('has no text that Slack would interpret', () => {
    fc.assert(
      fc.property(report, (any) => {
        const blocks = blockKit(any).flat();
        expect(JSON.stringify(blocks)).not.toContain('"mrkdwn"');
        const plain = blocks.flatMap((block) => {
          if (block.type === 'header') return [block.text.text];
          return block.type === 'context' ? block.elements.map(({ text }) => text) : [];
        });
        expect(plain.filter((text) => /[<>]/.test(text))).toEqual([]);
      }),
    );
  });

  it.each([
    ['slack', 'U024BE7LH', { type: 'user', user_id: 'U024BE7LH' }],
    ['slack', '<!channel>', { type: 'text', text: '<!channel>' }],
    ['github', 'U024BE7LH', { type: 'text', text: 'U024BE7LH' }],
    ['cli', 'root', { type: 'text', text: 'root' }],
  ] as const)('shows a person from %s as %s', (from, actor, run) => {
    expect(runsOf(blockKit({ ...PLAIN, askedBy: { from, actor } }).flat())).toContainEqual(run);
  });

  it.each(HOSTILE)('lets %j name nobody', (hostile) => {
    const section = { kind: 'list', items: [{ tone: 'bad', text: hostile }] } as const;
    const blocks = blockKit({ ...PLAIN, title: hostile, summary: hostile, next: hostile, sections: [section] }).flat();
    expect(runsOf(blocks).filter(({ type }) => type !== 'text')).toEqual([]);
  });

  it('divides a long difference at its lines, into several messages', () => {
    const lines = Array.from({ length: 1_500 }, (_, at) => `+ directive-${at} value`);
    const messages = blockKit({ ...PLAIN, sections: [{ kind: 'code', language: 'diff', lines }] });
    expect(messages.length).toBeGreaterThan(2);
    expectWithinLimits(messages);
    const shown = textsOf(messages.flat())
      .flatMap((text) => text.split('\n'))
      .filter((line) => line.startsWith('+'));
    expect(shown).toEqual(lines);
  });

  it('divides one line of 10,000 characters without losing any', () => {
    const line = '名'.repeat(5_000) + '😀'.repeat(2_500);
    const messages = blockKit({ ...PLAIN, sections: [{ kind: 'code', language: 'log', lines: [line] }] });
    expectWithinLimits(messages);
    expect(textsOf(messages.flat()).join('')).toContain(line);
  });

  it('repeats a long table’s head in each part', () => {
    const rows = Array.from({ length: 300 }, (_, at) => [`redis-${at}`, 'replica']);
    const texts = textsOf(
      blockKit({ ...PLAIN, sections: [{ kind: 'table', columns: ['node', 'role'], rows }] }).flat(),
    );
    const parts = texts.filter((text) => text.includes('replica'));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.every((text) => text.startsWith('node'))).toBe(true);
  });

  it('survives a text of nothing but code marks', () => {
    expectWithinLimits(blockKit({ ...PLAIN, sections: [{ kind: 'text', text: '`a` '.repeat(2_000) }] }));
  });

  it('ends after ten messages and says so', () => {
    const lines = Array.from({ length: 100_000 }, (_, at) => `+ line ${at}`);
    const messages = blockKit({ ...PLAIN, sections: [{ kind: 'code', language: 'diff', lines }] });
    expect(messages).toHaveLength(10);
    expect(textsOf(messages.at(-1) ?? []).join('')).toMatch(/^Cut here: \d+ messages more/);
  });

  it('cuts a long title, never within an entity', () => {
    const [first] = blockKit({ ...PLAIN, title: '&'.repeat(200) }).flat();
    expect(first).toMatchObject({
      type: 'header',
      text: { type: 'plain_text', text: expect.stringMatching(/^✅ (?:&amp;)+…$/) },
    });
  });
});

describe('fallbackText', () => {
  it('is one escaped line', () => {
    const text = fallbackText({ ...PLAIN, title: '<!channel>', summary: 'one\ntwo & three' });
    expect(text).toBe('✅ &lt;!channel&gt;: one two &amp; three');
  });
});

describe('approvalButtons', () => {
  it('carry the request, and what is clicked', () => {
    const { elements } = approvalButtons('run-7');
    expect(elements.map(({ action_id, value, text }) => [action_id, value, text.text])).toEqual([
      ['approve', 'run-7', 'Approve'],
      ['deny', 'run-7', 'Deny'],
    ]);
  });
});
