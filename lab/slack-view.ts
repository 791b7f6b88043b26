import type { SlackMessage } from './stand-in-slack.ts';

interface Node {
  type?: unknown;
  text?: unknown;
  fields?: unknown;
  elements?: unknown;
  name?: unknown;
  url?: unknown;
  user_id?: unknown;
}

/** A message as shown in Slack, as plain lines. */
export function slackLines(message: Pick<SlackMessage, 'text' | 'blocks'>): readonly string[] {
  if (message.blocks.length === 0) return message.text.split('\n');
  return message.blocks.flatMap((block) => blockText(block).trimEnd().split('\n'));
}

function blockText(block: Node): string {
  if (block.type === 'divider') return '────────';
  if (block.type === 'actions')
    return list(block.elements)
      .map((button) => `[ ${textOf(button.text)} ]`)
      .join('  ');
  const fields = list(block.fields).map((field) => textOf(field));
  return [textOf(block.text), ...fields, elementsText(block)].filter((part) => part !== '').join('\n');
}

/** Rich text nests: sections and preformatted blocks hold runs of text. */
function elementsText(block: Node): string {
  const separator = block.type === 'rich_text' || block.type === 'rich_text_list' ? '\n' : '';
  const bullet = block.type === 'rich_text_list' ? '• ' : '';
  return list(block.elements)
    .map((element) => bullet + (elementsText(element) || textOf(element)))
    .join(separator);
}

function textOf(node: unknown): string {
  if (typeof node === 'string') return unescaped(node);
  if (typeof node !== 'object' || node === null) return '';
  const { type, text, name, url, user_id: user } = node as Node;
  if (type === 'user') return `@${String(user)}`;
  if (type === 'emoji') return `:${String(name)}:`;
  if (text !== undefined) return textOf(text);
  return typeof url === 'string' ? url : '';
}

function list(value: unknown): readonly Node[] {
  return Array.isArray(value) ? (value as readonly Node[]) : [];
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
