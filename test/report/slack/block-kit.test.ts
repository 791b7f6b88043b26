import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/domain/report.ts';
import { blockKit, fallbackText } from '../../../src/report/slack/block-kit.ts';
import type { Block, RichTextRun } from '../../../src/report/slack/block-kit-types.ts';
import { HOSTILE, report } from '../arbitrary-report.ts';

const PLAIN: Report = { title: 'redis: healthy', tone: 'good', summary: '3 nodes.', sections: [] };

function runsOf(blocks: readonly Block[]): readonly RichTextRun[] {
  return blocks.flatMap((block) =>
    block.type === 'rich_text' ? block.elements.flatMap(({ elements }) => elements) : [],
  );
}

function textsOf(blocks: readonly Block[]): readonly string[] {
  return runsOf(blocks).map((run) => (run.type === 'text' ? run.text : run.user_id));
}

/** What breaks Slack’s documented limits, or the size that it takes in practice. */
function violations(messages: readonly Block[][]): readonly string[] {
  return messages.flatMap((message) => [
    ...(message.length === 0 || message.length > 49 ? [`${message.length} blocks`] : []),
    ...(Buffer.byteLength(JSON.stringify(message)) > 12_000 ? ['too many bytes'] : []),
    ...message.filter((block) => !isAccepted(block)).map((block) => JSON.stringify(block)),
  ]);
}

function isAccepted(block: Block): boolean {
  const isText = (text: string, limit: number) => text.length > 0 && text.length <= limit;
  switch (block.type) {
    case 'header':
      return isText(block.text.text, 150);
    case 'context':
      return block.elements.length <= 10 && block.elements.every(({ text }) => isText(text, 3_000));
    case 'rich_text':
      return block.elements.length > 0 && textsOf([block]).every((text) => isText(text, 3_000));
    case 'actions':
      return block.elements.length <= 25;
  }
}

describe('blockKit', () => {
  it('keeps Slack’s limits for any report', () => {
    fc.assert(
      fc.property(report, (any) => {
        expect(violations(blockKit(any))).toEqual([]);
      }),
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

  it.each(HOSTILE)('does not let %j mention anyone', (hostile) => {
    const section = { kind: 'list', items: [{ tone: 'bad', text: hostile }] } as const;
    const blocks = blockKit({ ...PLAIN, title: hostile, summary: hostile, next: hostile, sections: [section] }).flat();
    expect(runsOf(blocks).filter(({ type }) => type !== 'text')).toEqual([]);
  });

  it('divides a long difference at its lines, into several messages', () => {
    const lines = Array.from({ length: 1_500 }, (_, at) => `+ directive-${at} value`);
    const messages = blockKit({ ...PLAIN, sections: [{ kind: 'code', language: 'diff', lines }] });
    expect(messages.length).toBeGreaterThan(2);
    expect(violations(messages)).toEqual([]);
    const shown = textsOf(messages.flat())
      .flatMap((text) => text.split('\n'))
      .filter((line) => line.startsWith('+'));
    expect(shown).toEqual(lines);
  });

  it('divides one line of 10,000 characters without losing any', () => {
    const line = '名'.repeat(5_000) + '😀'.repeat(2_500);
    const messages = blockKit({ ...PLAIN, sections: [{ kind: 'code', language: 'log', lines: [line] }] });
    expect(violations(messages)).toEqual([]);
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
    expect(violations(blockKit({ ...PLAIN, sections: [{ kind: 'text', text: '`a` '.repeat(2_000) }] }))).toEqual([]);
  });

  it('ends after ten messages, with a note', () => {
    const lines = Array.from({ length: 100_000 }, (_, at) => `+ line ${at}`);
    const messages = blockKit({ ...PLAIN, sections: [{ kind: 'code', language: 'diff', lines }] });
    expect(messages).toHaveLength(10);
    expect(textsOf(messages.at(-1) ?? []).join('')).toMatch(/^Cut here: \d+ more messages/);
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
