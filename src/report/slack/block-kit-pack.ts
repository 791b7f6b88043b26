import type { Block } from './block-kit-types.ts';

/** Slack allows 50; the buttons need room too. */
const MOST_BLOCKS = 45;
/** Slack refuses blocks of about 13,000 characters of JSON with `msg_blocks_too_long`; the limit is not documented. */
const MOST_BYTES = 10_000;
/** Nobody reads more, and Slack limits the rate. */
const MOST_MESSAGES = 10;

/** Packs blocks into messages within Slack’s limits. */
export function packed(blocks: readonly Block[]): Block[][] {
  const messages: Block[][] = [];
  let bytes = 0;
  for (const block of blocks.filter(isFilled)) {
    const size = Buffer.byteLength(JSON.stringify(block));
    const current = messages.at(-1);
    if (current && current.length < MOST_BLOCKS && bytes + size <= MOST_BYTES) {
      current.push(block);
      bytes += size;
      continue;
    }
    messages.push([block]);
    bytes = size;
  }
  if (messages.length <= MOST_MESSAGES) return messages;
  return [...messages.slice(0, MOST_MESSAGES - 1), [cutNote(messages.length - MOST_MESSAGES + 1)]];
}

/** Slack refuses rich text without elements. */
function isFilled(block: Block): boolean {
  return block.type !== 'rich_text' || block.elements.length > 0;
}

function cutNote(left: number): Block {
  const text = `Cut here: ${left} more messages would follow. The attached report and the command line show everything.`;
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] };
}
