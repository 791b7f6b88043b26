import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterHealthLook,
  isWell,
  nextLookMs,
  type HealthLook,
  type HealthRecord,
} from '../../../src/domain/health/health-record.ts';
import { acknowledgement } from '../../../src/domain/chat/acknowledgement.ts';

const WELL: HealthLook = { cluster: 'redis', revision: 'c'.repeat(40), verdict: 'healthy', reasons: [], readiness: [] };
const ILL: HealthLook = {
  ...WELL,
  verdict: 'degraded',
  reasons: [{ code: 'REPLICA_LINK_DOWN', node: 'redis-02', message: 'redis-02 has no link to redis-01 (connect).' }],
};
const WORSE: HealthLook = {
  ...ILL,
  reasons: [...ILL.reasons, { code: 'REPLICA_LINK_DOWN', node: 'redis-03', message: 'redis-03 has no link.' }],
};
const UNREADY: HealthLook = {
  ...WELL,
  readiness: [{ code: 'SENTINEL_NO_QUORUM', nodes: ['redis-01'], message: 'No quorum.', cure: 'Start them.' }],
};
const START = Date.parse('2026-01-01T00:00:00Z');
const at = (minute: number): Date => new Date(START + minute * 60_000);
const MESSAGE = { channel: 'C1', timestamp: '1.0' };

/** Looks once a minute; what was reported has a message. */
function after(...looks: readonly HealthLook[]): HealthRecord {
  let record: HealthRecord | null = null;
  for (const [minute, look] of looks.entries()) record = next(record, look, minute);
  if (!record) throw new Error('nobody looked');
  return record;
}

function next(record: HealthRecord | null, look: HealthLook, minute: number): HealthRecord {
  const news = afterHealthLook(record, look, at(minute));
  return news.record.state === 'ill' ? { ...news.record, message: MESSAGE } : news.record;
}

describe('trouble', () => {
  it.each<[string, readonly HealthLook[], HealthRecord['state']]>([
    ['is not reported when it is seen once', [WELL, ILL], 'suspected'],
    ['is reported when it is seen twice in a row', [WELL, ILL, ILL], 'ill'],
    ['is reported when its cause changes between', [WELL, ILL, UNREADY], 'ill'],
    ['that comes and goes is not reported', [WELL, ILL, WELL, ILL, WELL, ILL], 'suspected'],
    ['is not over when it is gone once', [WELL, ILL, ILL, WELL], 'recovering'],
    ['lasts when it is gone only once', [WELL, ILL, ILL, WELL, ILL], 'ill'],
    ['is over when it is gone twice', [WELL, ILL, ILL, WELL, WELL], 'well'],
    ['of the first look counts too', [ILL, ILL], 'ill'],
    ['may be a failover that would fail', [UNREADY, UNREADY], 'ill'],
  ])('%s', (_, looks, state) => {
    expect(after(...looks).state).toBe(state);
  });

  it('that Sentinel reports is certain at once', () => {
    expect(afterHealthLook(after(WELL), ILL, at(1), true).record).toMatchObject({ state: 'ill', look: ILL });
    expect(afterHealthLook(after(WELL), WELL, at(1), true).record.state).toBe('well');
  });

  it('keeps what it was in the message that says that it is over', () => {
    const record = after(WELL, ILL, ILL, WELL, WELL, WELL);
    expect(record).toMatchObject({ state: 'well', look: ILL, message: MESSAGE });
  });

  it('continues its message when it comes back within minutes, and begins a new one later', () => {
    const over = after(WELL, ILL, ILL, WELL, WELL);
    const back = afterHealthLook(next(over, ILL, 6), ILL, at(7));
    expect(back).toMatchObject({ returned: 'relapsed', record: { state: 'ill', relapses: 1, message: MESSAGE } });
    const later = afterHealthLook(next(over, ILL, 60), ILL, at(61));
    expect(later).toMatchObject({ returned: null, record: { state: 'ill', relapses: 0, message: null } });
  });

  it('names what is new, once', () => {
    const record = after(WELL, ILL, ILL);
    const worse = afterHealthLook(record, WORSE, at(3));
    expect(worse.added).toEqual(['REPLICA_LINK_DOWN redis-03']);
    expect(afterHealthLook(worse.record, ILL, at(4)).added).toEqual([]);
    expect(afterHealthLook(next(worse.record, ILL, 4), WORSE, at(5)).added).toEqual([]);
  });
});

describe('an acknowledgement', () => {
  const acknowledged = acknowledgement({ by: 'anna', reason: 'disk ordered', forMs: 3_600_000 }, at(3));
  const record = { ...after(WELL, ILL, ILL), acknowledged };

  it('lasts as long as it says', () => {
    expect(afterHealthLook(record, ILL, at(62)).record.acknowledged).toEqual(acknowledged);
    expect(afterHealthLook(record, ILL, at(63))).toMatchObject({ returned: 'expired', record: { acknowledged: null } });
  });

  it('ends with a new cause, and with the trouble', () => {
    expect(afterHealthLook(record, WORSE, at(4)).record.acknowledged).toBeNull();
    expect(next(next(record, WELL, 4), WELL, 5).acknowledged).toBeNull();
  });
});

it('in any order of looks: ill only after two in a row, well only after two in a row', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(WELL, ILL, WORSE, UNREADY), { minLength: 2, maxLength: 40 }), (looks) => {
      const { state } = after(...looks);
      const [last, before] = looks.slice(-2).toReversed();
      if (!last || !before) return;
      if (!isWell(last) && !isWell(before)) expect(state).toBe('ill');
      if (isWell(last) && isWell(before)) expect(state).toBe('well');
      if (isWell(last)) expect(state).not.toBe('suspected');
    }),
  );
});

it('looks again soon when one look was not enough, so that trouble is reported in time', () => {
  for (const withinMs of [1000, 60_000])
    expect(nextLookMs({ state: 'well' }, withinMs) + nextLookMs({ state: 'suspected' }, withinMs)).toBeLessThan(
      withinMs,
    );
});
