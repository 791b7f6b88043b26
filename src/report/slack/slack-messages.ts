import type { Buttons } from '../../domain/buttons.ts';
import type { Report } from '../../domain/report.ts';
import { approvalButtons, blockKit, driftButtons, fallbackText, stopButton } from './block-kit.ts';
import type { ActionsBlock, Block } from './block-kit-types.ts';

/** One Slack message: the text stands in for the blocks in notifications and screen readers. */
export interface SlackMessage {
  text: string;
  blocks: readonly Block[];
}

/** A report as Slack messages, in order; the buttons stand under the first, as only that is edited later. */
export function slackMessages(report: Report, buttons: Buttons | null): readonly SlackMessage[] {
  const text = fallbackText(report);
  return blockKit(report).map((blocks, at) => ({
    text,
    blocks: at === 0 ? [...blocks, ...actionsOf(buttons)] : blocks,
  }));
}

function actionsOf(buttons: Buttons | null): readonly ActionsBlock[] {
  if (buttons === null) return [];
  switch (buttons.kind) {
    case 'approval':
      return [approvalButtons(buttons.value)];
    case 'drift':
      return buttons.offers.length === 0 ? [] : [driftButtons(buttons.value, buttons.offers)];
    case 'stop':
      return [stopButton(buttons.value)];
  }
}
