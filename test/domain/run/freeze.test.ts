import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freezeAt, windowMistake, type FreezeWindow } from '../../../src/domain/run/freeze.ts';

const NOW = new Date('2026-01-01T00:00:00Z');

function window(cron: string, minutes: number, timezone = 'UTC', reason = 'why'): FreezeWindow {
  return { cron, minutes, timezone, reason };
}

function until(windows: readonly FreezeWindow[], at: string): string | null {
  return freezeAt(windows, new Date(at))?.until?.toISOString().replace('.000Z', 'Z') ?? null;
}

describe('a freeze window', () => {
  it.each<[string, FreezeWindow, string, string | null]>([
    ['not yet', window('0 22 * * *', 60), '2026-01-05T21:59:59.999Z', null],
    ['from its first instant', window('0 22 * * *', 60), '2026-01-05T22:00:00Z', '2026-01-05T23:00:00Z'],
    ['within a second', window('0 22 * * *', 60), '2026-01-05T22:00:00.500Z', '2026-01-05T23:00:00Z'],
    ['to its last', window('0 22 * * *', 60), '2026-01-05T22:59:59.999Z', '2026-01-05T23:00:00Z'],
    ['no more', window('0 22 * * *', 60), '2026-01-05T23:00:00Z', null],
    ['over midnight', window('0 22 * * *', 480), '2026-01-06T05:00:00Z', '2026-01-06T06:00:00Z'],
    ['over a weekend', window('0 18 * * 5', 3600), '2026-01-04T12:00:00Z', '2026-01-05T06:00:00Z'],
    ['at a month’s end', window('0 0 L * *', 1440), '2026-02-28T12:00:00Z', '2026-03-01T00:00:00Z'],
    ['once a year', window('0 0 24 12 *', 4320), '2025-12-26T23:00:00Z', '2025-12-27T00:00:00Z'],
    ['in the other half of the year', window('0 0 24 12 *', 4320), '2026-07-01T00:00:00Z', null],
  ])('holds: %s', (_, freeze, at, expected) => {
    expect(until([freeze], at)).toBe(expected);
  });

  it.each<[string, FreezeWindow, string, string | null]>([
    ['winter', window('0 22 * * *', 60, 'Europe/Berlin'), '2026-01-05T21:30:00Z', '2026-01-05T22:00:00Z'],
    ['summer', window('0 22 * * *', 60, 'Europe/Berlin'), '2026-07-05T20:30:00Z', '2026-07-05T21:00:00Z'],
    ['the other date there', window('0 9 * * 1', 60, 'Asia/Tokyo'), '2026-01-05T00:30:00Z', '2026-01-05T01:00:00Z'],
    ['half an hour apart', window('0 9 * * *', 60, 'Asia/Kolkata'), '2026-01-05T03:30:00Z', '2026-01-05T04:30:00Z'],
    // Berlin, 29 March 2026: after 01:59:59 comes 03:00:00 (01:00 UTC).
    ['a skipped time', window('30 2 * * *', 60, 'Europe/Berlin'), '2026-03-29T01:45:00Z', '2026-03-29T02:00:00Z'],
    ['before a skipped time', window('30 2 * * *', 60, 'Europe/Berlin'), '2026-03-29T00:59:59Z', null],
    [
      'a skipped one of two',
      window('30 2,14 * * *', 60, 'Europe/Berlin'),
      '2026-03-29T01:45:00Z',
      '2026-03-29T02:00:00Z',
    ],
    // An hour of the night is skipped, but not its elapsed minutes.
    ['a short night', window('0 22 * * *', 480, 'Europe/Berlin'), '2026-03-29T04:30:00Z', '2026-03-29T05:00:00Z'],
    // Berlin, 25 October 2026: 02:30 is at 00:30 UTC, and again at 01:30 UTC.
    [
      'a time that comes twice',
      window('30 2 * * *', 60, 'Europe/Berlin'),
      '2026-10-25T00:45:00Z',
      '2026-10-25T01:30:00Z',
    ],
    ['the second time', window('30 2 * * *', 60, 'Europe/Berlin'), '2026-10-25T01:45:00Z', null],
    ['a long night', window('0 22 * * *', 480, 'Europe/Berlin'), '2026-10-25T03:59:00Z', '2026-10-25T04:00:00Z'],
  ])('follows its time zone: %s', (_, freeze, at, expected) => {
    expect(until([freeze], at)).toBe(expected);
  });

  it('is one with those that follow without a gap, and names each reason once', () => {
    const windows = [
      window('0 0 * * *', 60, 'UTC', 'batch'),
      window('30 0 * * *', 60, 'UTC', 'backup'),
      window('30 1 * * *', 30, 'UTC', 'batch'),
    ];
    expect(freezeAt(windows, new Date('2026-01-05T00:10:00Z'))).toEqual({
      until: new Date('2026-01-05T02:00:00Z'),
      reason: 'batch; backup',
    });
    expect(until(windows, '2026-01-05T02:00:00Z')).toBeNull();
  });

  it('has no end if there is none', () => {
    expect(freezeAt([window('*/5 * * * *', 5)], NOW)).toEqual({ until: null, reason: 'why' });
  });

  it('freezes exactly as long as configured', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 1, max: 1439 }),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'),
        fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }),
        (hour, minutes, timezone, at) => {
          // Days of 23 hours end before windows of nearly a day.
          const freeze = freezeAt([window(`15 ${hour} * * *`, Math.min(minutes, 1300), timezone)], at);
          if (!freeze?.until) return freeze === null;
          const left = freeze.until.getTime() - at.getTime();
          const after = freezeAt([window(`15 ${hour} * * *`, Math.min(minutes, 1300), timezone)], freeze.until);
          return left > 0 && left <= Math.min(minutes, 1300) * 60_000 && after === null;
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a window that is no window', () => {
  it.each([
    ['@daily', 60, 'UTC', /five fields/],
    ['0 0 22 * * 5', 60, 'UTC', /five fields/],
    ['0 25 * * *', 60, 'UTC', /not an expression/],
    ['0 22 * * 5', 60, 'Europe/Berlim', /timezone/],
    ['0 0 31 2 *', 60, 'UTC', /no such time/],
    ['*/10 * * * *', 10, 'UTC', /no time between/],
    ['0 22 * * 5', 60, 'Europe/Berlin', null],
  ])('%s for %d minutes in %s', (cron, minutes, timezone, expected) => {
    const mistake = windowMistake({ cron, minutes, timezone }, NOW);
    if (expected === null) expect(mistake).toBeNull();
    else expect(mistake).toMatch(expected);
  });
});
