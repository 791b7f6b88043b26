import { expect, it } from 'vitest';
import { clockFact, clockOf } from '../../../src/observed/facts/clock.ts';

it.each([
  ['1764770001.123456\n', 1_764_770_001_123.456],
  ['1764770001.%N\n', null],
  ['', null],
])('reads %j', (stdout, expected) => {
  expect(clockFact.parse(stdout)).toBe(expected);
});

it('knows no more than that it was between question and answer', () => {
  expect(clockOf(1500, 1000, 1400)).toEqual({ leastAheadMs: 100, mostAheadMs: 500 });
  expect(clockOf(1200, 1000, 1400)).toEqual({ leastAheadMs: -200, mostAheadMs: 200 });
  expect(clockOf(null, 1000, 1400)).toBeNull();
});
