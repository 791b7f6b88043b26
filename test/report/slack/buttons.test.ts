import { describe, expect, it } from 'vitest';
import { DRIFT_OFFERS, type Click } from '../../../src/domain/chat/click.ts';
import { buttonRow } from '../../../src/report/slack/buttons.ts';

const APPROVAL = { kind: 'approval', approval: 'run-7', digest: 'd1' } as const;
const DRIFT = { kind: 'drift', cluster: 'redis', fingerprint: '0123456789abcdef' } as const;

describe('the buttons under a message', () => {
  it.each<[string, readonly Click[], readonly (readonly string[])[]]>([
    [
      'approval',
      [
        { ...APPROVAL, decision: 'approved' },
        { ...APPROVAL, decision: 'denied' },
      ],
      [
        ['approval:approve', 'run-7:d1', 'Approve'],
        ['approval:deny', 'run-7:d1', 'Deny'],
      ],
    ],
    [
      'drift',
      DRIFT_OFFERS.map((offer) => ({ ...DRIFT, offer })),
      [
        ['drift:apply', 'redis:0123456789abcdef', 'Apply Git'],
        ['drift:ignore-day', 'redis:0123456789abcdef', 'Ignore for 1 day'],
        ['drift:ignore-week', 'redis:0123456789abcdef', 'Ignore for 1 week'],
        ['drift:pull-request', 'redis:0123456789abcdef', 'Open a pull request'],
      ],
    ],
    ['stop', [{ kind: 'stop', run: 'run-7' }], [['run:stop', 'run-7', 'Stop']]],
  ])('of kind %s carry what they stand for', (kind, clicks, expected) => {
    const [row, ...more] = buttonRow(clicks);
    expect([row?.block_id, more]).toEqual([kind, []]);
    expect(row?.elements.map(({ action_id, value, text }) => [action_id, value, text.text])).toEqual(expected);
  });

  it('are omitted if there are none', () => {
    expect(buttonRow([])).toEqual([]);
  });

  it('ask before a run is stopped, and only then', () => {
    const confirmed = (click: Click) => buttonRow([click])[0]?.elements[0]?.confirm !== undefined;
    expect(confirmed({ kind: 'stop', run: 'run-7' })).toBe(true);
    expect(confirmed({ ...APPROVAL, decision: 'approved' })).toBe(false);
  });
});
