import { encodeClick, type Click, type DriftOffer, type WatchOffer } from '../../domain/chat/click.ts';
import { ACKNOWLEDGE_TERMS } from '../../domain/chat/acknowledgement.ts';
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

const WATCH_LABELS: Readonly<Record<WatchOffer, string>> = {
  working: ACKNOWLEDGE_TERMS.working.label,
  known: ACKNOWLEDGE_TERMS.known.label,
  accepted: ACKNOWLEDGE_TERMS.accepted.label,
  'pull-request': 'Put the new master into Git',
  'way-back': 'Plan the way back',
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
    case 'watch':
      return { text: plain(WATCH_LABELS[click.offer]) };
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
