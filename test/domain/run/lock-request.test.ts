import { describe, expect, it } from 'vitest';
import { briefDuration, readDuration, readLockRequest } from '../../../src/domain/run/lock-request.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('readDuration', () => {
  it.each([
    ['45m', 45 * MINUTE],
    ['2h', 2 * HOUR],
    ['1D', DAY],
    ['2 hours', 2 * HOUR],
    ['1 hour', HOUR],
    ['an hour', HOUR],
    ['one day', DAY],
    ['30 min', 30 * MINUTE],
    ['90 minutes', 90 * MINUTE],
    ['1h30m', 90 * MINUTE],
    ['1 hour and 30 minutes', 90 * MINUTE],
    ['1 day, 12 hours', 36 * HOUR],
    ['2 weeks', 14 * DAY],
    ['90d', 90 * DAY],
  ])('%s', (text, milliseconds) => {
    expect(readDuration(text)).toBe(milliseconds);
  });

  it.each([
    '',
    '2',
    'h',
    '0h',
    '02h',
    '91d',
    '13 weeks',
    '2 seconds',
    '2 months',
    '1.5h',
    'two hours',
    '2hx',
    'ever',
    '-2h',
  ])('refuses “%s”', (text) => {
    expect(readDuration(text)).toBeNull();
  });
});

describe('readLockRequest', () => {
  const read = (text: string) => readLockRequest(text.split(' '));

  it.each([
    ['x for 2 hours', 'x', 2 * HOUR],
    ['x for 30 minutes', 'x', 30 * MINUTE],
    ['wait for it for 1 day and 2 hours', 'wait for it', 26 * HOUR],
    ['x FOR 2 h', 'x', 2 * HOUR],
    ['maintenance for the payment team', 'maintenance for the payment team', null],
    ['until further notice', 'until further notice', null],
    ['frozen until Ben is back', 'frozen until Ben is back', null],
    ['until PR 123 is merged', 'until PR 123 is merged', null],
    ['new disks', 'new disks', null],
  ])('reads “%s”', (text, reason, forMs) => {
    expect(read(text)).toEqual({ ok: true, reason, forMs });
  });

  it.each([
    ['x for two hours', '“two hours” is not a duration'],
    ['x for the next 2 hours', '“the next 2 hours” is not a duration'],
    ['x for 2', '“2” is not a duration'],
    ['x for 2 hours please', '“2 hours please” is not a duration'],
    ['x for half an hour', '“half an hour” is not a duration'],
    ['x for 3 months', '“3 months” is not a duration'],
    ['x for ever', '“ever” is not a duration'],
    ['x until 14:00', '“until 14:00” is not understood'],
    ['x until tomorrow', '“until tomorrow” is not understood'],
    ['x till Monday morning', '“till Monday morning” is not understood'],
    ['x until 2026-12-01', '“until 2026-12-01” is not understood'],
    ['new disks 2h', '“2h” has no “for” before it'],
    ['new disks 2 hours', '“2 hours” has no “for” before it'],
    ['2h new disks', '“2h” has no “for” before it'],
    ['for 2h', 'A reason is missing.'],
  ])('refuses “%s”', (text, message) => {
    expect(read(text)).toMatchObject({ ok: false, message: expect.stringContaining(message) as string });
  });

  it('treats quoted text as the reason', () => {
    expect(readLockRequest(['waiting for 2 hours', 'for', '1h'])).toEqual({
      ok: true,
      reason: 'waiting for 2 hours',
      forMs: HOUR,
    });
  });
});

it('briefDuration prints what readDuration reads', () => {
  for (const milliseconds of [MINUTE, 90 * MINUTE, HOUR, 36 * HOUR, DAY, 14 * DAY])
    expect(readDuration(briefDuration(milliseconds))).toBe(milliseconds);
  expect([90 * MINUTE, 2 * HOUR, 7 * DAY].map(briefDuration)).toEqual(['90m', '2h', '7d']);
});
