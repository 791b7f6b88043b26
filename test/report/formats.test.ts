import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockKit } from '../../src/report/slack/block-kit.ts';
import type { Block } from '../../src/report/slack/block-kit-types.ts';
import { markdown } from '../../src/report/markdown/markdown.ts';
import { visible } from '../../src/report/text/plain-text.ts';
import { terminal } from '../../src/report/terminal.ts';
import { factsOf, report } from './arbitrary-report.ts';

/** Wrapping moves spaces, code marks go, and Markdown escapes with backslashes: none of these is a fact. */
function bare(text: string): string {
  return text.replace(/[\s\u200B`\\]/g, '');
}

function slackText(block: Block): string {
  switch (block.type) {
    case 'header':
      return unescapedSlack(block.text.text);
    case 'context':
      return block.elements.map(({ text }) => unescapedSlack(text)).join('\n');
    case 'rich_text':
      return block.elements
        .flatMap(({ elements }) => elements.map((run) => (run.type === 'text' ? run.text : run.user_id)))
        .join('');
    case 'actions':
      return '';
  }
}

function unescapedSlack(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

const FORMATS = {
  'block-kit': (each) => blockKit(each).flat().map(slackText).join('\n'),
  markdown,
  'terminal, narrow': (each) => terminal(each, { colour: false, width: 40 }),
  'terminal, wide': (each) => terminal(each, { colour: false, width: 200 }),
} satisfies Record<string, (each: Parameters<typeof markdown>[0]) => string>;

describe('each format', () => {
  it.each(Object.entries(FORMATS))('%s shows every fact of any report', (_, format) => {
    fc.assert(
      fc.property(report, (any) => {
        const shown = bare(format(any));
        const missing = factsOf(any).filter((fact) => !shown.includes(bare(visible(fact))));
        expect(missing).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
