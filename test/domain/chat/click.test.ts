import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeClick,
  DRIFT_OFFERS,
  encodeClick,
  WATCH_OFFERS,
  WATCH_SUBJECTS,
  type Click,
} from '../../../src/domain/chat/click.ts';

const NAME = fc.stringMatching(/^[\w.-]{1,120}$/);
const CLICKS: Readonly<Record<Click['kind'], fc.Arbitrary<Click>>> = {
  approval: fc.record({
    kind: fc.constant('approval' as const),
    decision: fc.constantFrom('approved', 'denied'),
    approval: fc.oneof(NAME, fc.string()),
    digest: fc.stringMatching(/^[0-9a-f]{0,64}$/),
  }),
  drift: fc.record({
    kind: fc.constant('drift' as const),
    offer: fc.constantFrom(...DRIFT_OFFERS),
    cluster: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,38}$/),
    fingerprint: fc.stringMatching(/^[0-9a-f]{16}$/),
  }),
  watch: fc.record({
    kind: fc.constant('watch' as const),
    about: fc.constantFrom(...WATCH_SUBJECTS),
    offer: fc.constantFrom(...WATCH_OFFERS),
    cluster: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,38}$/),
    fingerprint: fc.stringMatching(/^[0-9a-f]{16}$/),
  }),
  stop: fc.record({ kind: fc.constant('stop' as const), run: NAME }),
};
const click = fc.oneof(...Object.values(CLICKS));

describe('a button', () => {
  it('survives the round trip', () => {
    fc.assert(
      fc.property(click, (sent) => {
        expect(decodeClick(encodeClick(sent))).toEqual(sent);
      }),
    );
  });

  it('has an action of its own for each thing that can be done', () => {
    const drift = { kind: 'drift', cluster: 'redis', fingerprint: '0123456789abcdef' } as const;
    const approval = { kind: 'approval', approval: 'r-1', digest: 'd1' } as const;
    const all: readonly Click[] = [
      { ...approval, decision: 'approved' },
      { ...approval, decision: 'denied' },
      ...DRIFT_OFFERS.map((offer) => ({ ...drift, offer })),
      { kind: 'stop', run: 'r-1' },
      ...WATCH_SUBJECTS.flatMap((about) =>
        WATCH_OFFERS.map((offer) => ({ ...drift, kind: 'watch', about, offer }) as const),
      ),
    ];
    // Messages posted by older versions have these buttons.
    expect(all.map(encodeClick).map(({ action, value }) => `${action} ${value}`)).toEqual([
      'approval:approve r-1:d1',
      'approval:deny r-1:d1',
      'drift:apply redis:0123456789abcdef',
      'drift:ignore-day redis:0123456789abcdef',
      'drift:ignore-week redis:0123456789abcdef',
      'drift:pull-request redis:0123456789abcdef',
      'run:stop r-1',
      ...['health', 'failover'].flatMap((about) =>
        ['working', 'known', 'accepted', 'pull-request', 'way-back'].map(
          (offer) => `watch:${about}:${offer} redis:0123456789abcdef`,
        ),
      ),
    ]);
  });

  it('is read as itself or not at all, whatever Slack sends', () => {
    const action = fc.oneof(
      fc.constantFrom('approval:approve', 'approval:deny', 'drift:apply', 'drift:', 'run:stop', 'run:', ''),
      fc.string(),
    );
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      click.map((sent) => encodeClick(sent).value),
    );
    fc.assert(
      fc.property(action, value, (sentAction, sentValue) => {
        const read = decodeClick({ action: sentAction, value: sentValue });
        if (read === null) return;
        expect(encodeClick(read).action).toBe(sentAction);
        expect(decodeClick(encodeClick(read))).toEqual(read);
      }),
    );
  });

  it('of an approval that names no plan, as older versions made them, binds none', () => {
    expect(decodeClick({ action: 'approval:approve', value: 'r-1' })).toEqual({
      kind: 'approval',
      decision: 'approved',
      approval: 'r-1',
      digest: '',
    });
  });

  it.each([
    ['approve', 'r-1:d1'],
    ['approval:approve ', 'r-1:d1'],
    ['approval:approve', ''],
    ['drift:apply', 'redis'],
    ['drift:apply', '../x:0123456789abcdef'],
    ['drift:apply', 'redis:0123456789abcdeg'],
    ['drift:apply', 'redis:0123456789abcdef\n'],
    ['drift:other', 'redis:0123456789abcdef'],
    ['drift:__proto__', 'redis:0123456789abcdef'],
    ['run:stop', '../x'],
    ['run:stop', ''],
    ['run:start', 'r-1'],
  ])('%j with %j is none of ours', (action, value) => {
    expect(decodeClick({ action, value })).toBeNull();
  });
});
