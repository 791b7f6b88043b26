import { encodeClick, type Click, type DriftOffer } from '../../domain/chat/click.ts';
import { plain, type ActionsBlock, type Button } from './block-kit-types.ts';

/** The buttons under a message, in one row. */
export function buttonRow(clicks: readonly Click[]): readonly ActionsBlock[] {
  const [first] = clicks;
  return first ? [{ type: 'actions', block_id: first.kind, elements: clicks.map(button) }] : [];
}

function button(click: Click): Button {
  const { action, value } = encodeClick(click);
  return { type: 'button', action_id: action, value, ...look(click) };
}

const DRIFT_LABELS: Readonly<Record<DriftOffer, string>> = {
  apply: 'Apply Git',
  'pull-request': 'Open a pull request',
  'ignore-day': 'Ignore for 1 day',
  'ignore-week': 'Ignore for 1 week',
};

function look(click: Click): Pick<Button, 'text' | 'style' | 'confirm'> {
  switch (click.kind) {
    case 'approval':
      return click.decision === 'approved'
        ? { text: plain('Approve'), style: 'primary' }
        : { text: plain('Deny'), style: 'danger' };
    case 'drift': {
      const text = plain(DRIFT_LABELS[click.offer]);
      return click.offer === 'apply' ? { text, style: 'primary' } : { text };
    }
    case 'stop':
      return { text: plain('Stop'), style: 'danger', confirm: STOP_QUESTION };
  }
}

const STOP_QUESTION = {
  title: plain('Stop this run?'),
  text: plain('It ends at the next safe point. Finished steps are not undone.'),
  confirm: plain('Stop'),
  deny: plain('Go on'),
};
