import type { Click } from '../../domain/chat/click.ts';
import type { Report } from '../../domain/report.ts';
import { blockKit, fallbackText } from './block-kit.ts';
import type { Block } from './block-kit-types.ts';
import { buttonRow } from './buttons.ts';

/** One Slack message: `text` replaces the blocks in notifications and screen readers. */
export interface SlackMessage {
  text: string;
  blocks: readonly Block[];
}

/** A report as Slack messages, in order; the first has the buttons, because only that one is edited later. */
export function slackMessages(report: Report, buttons: readonly Click[]): readonly SlackMessage[] {
  const text = fallbackText(report);
  return blockKit(report).map((blocks, at) => ({
    text,
    blocks: at === 0 ? [...blocks, ...buttonRow(buttons)] : blocks,
  }));
}
