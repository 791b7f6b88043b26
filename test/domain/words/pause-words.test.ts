import { describe, expect, it } from 'vitest';
import { readPauseWords } from '../../../src/domain/words/pause-words.ts';

const MINUTE = 60_000;

describe('readPauseWords', () => {
  it.each([
    [['30m', 'new switch'], 30 * MINUTE, 'new switch'],
    [['30m', 'new', 'switch'], 30 * MINUTE, 'new switch'],
    [['for', '2', 'hours', 'disks'], 120 * MINUTE, 'disks'],
    [['1h', '30m', 'disks'], 90 * MINUTE, 'disks'],
    [['1h30m', '2 of 3 disks'], 90 * MINUTE, '2 of 3 disks'],
    [['1', 'day', 'and', '0', 'problems'], 1440 * MINUTE, 'and 0 problems'],
  ])('reads %j', (words, forMs, reason) => {
    expect(readPauseWords(words)).toEqual({ ok: true, forMs, reason });
  });

  it.each([
    [[], /duration comes first/],
    [['new', 'switch', '30m'], /duration comes first/],
    [['30', 'reboot'], /duration comes first/],
    [['30s', 'reboot'], /duration comes first/],
    [['0m', 'reboot'], /duration comes first/],
    [['-5m', 'reboot'], /duration comes first/],
    [['25h', 'reboot'], /24 hours/],
    [['2d', 'reboot'], /24 hours/],
    [['30m'], /reason is missing/],
    [['30m', ''], /reason is missing/],
    [['30m', 'x'.repeat(201)], /at most 200/],
  ])('refuses %j', (words, message) => {
    expect(readPauseWords(words)).toMatchObject({ ok: false, message: expect.stringMatching(message) });
  });
});
