/** The few blocks used by reports, as in Slack’s JSON. */
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

/** Slack interprets nothing in such text: no mention, link, markup or entity. */
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
  /** Returned with the click. */
  value: string;
  style?: 'primary' | 'danger';
  text: PlainText;
  /** Shown before the click counts. */
  confirm?: { title: PlainText; text: PlainText; confirm: PlainText; deny: PlainText };
}

export function plain(text: string): PlainText {
  return { type: 'plain_text', text, emoji: false };
}
