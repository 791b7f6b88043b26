/** The few blocks that reports use, as Slack’s JSON has them. */
export type Block = HeaderBlock | RichTextBlock | ContextBlock | ActionsBlock;

export interface PlainText {
  type: 'plain_text';
  text: string;
  emoji: boolean;
}

export interface HeaderBlock {
  type: 'header';
  text: PlainText;
}

export interface ContextBlock {
  type: 'context';
  elements: PlainText[];
}

export interface RichTextBlock {
  type: 'rich_text';
  elements: RichTextElement[];
}

export type RichTextElement =
  { type: 'rich_text_section'; elements: RichTextRun[] } | { type: 'rich_text_preformatted'; elements: RichTextRun[] };

/** Slack interprets nothing in such a text: no mention, no link, no markup, no entity. */
export type RichTextRun =
  | { type: 'text'; text: string; style?: { bold?: true; italic?: true; code?: true } }
  | { type: 'user'; user_id: string };

export interface ActionsBlock {
  type: 'actions';
  block_id: string;
  elements: Button[];
}

export interface Button {
  type: 'button';
  action_id: string;
  /** What comes back with the click. */
  value: string;
  style?: 'primary' | 'danger';
  text: PlainText;
  /** Asked before the click counts. */
  confirm?: { title: PlainText; text: PlainText; confirm: PlainText; deny: PlainText };
}

export function plain(text: string): PlainText {
  return { type: 'plain_text', text, emoji: false };
}
