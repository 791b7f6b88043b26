import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WaitingPullRequests } from '../../../src/run/pull-requests/waiting.ts';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

it('are due when they have settled, the first first', () => {
  const waiting = new WaitingPullRequests(2000);
  expect([...waiting.due(), waiting.firstInMs()]).toEqual([Infinity]);
  waiting.put(7, 2000);
  vi.setSystemTime(500);
  waiting.put(8, 3000, 2);
  expect(waiting.firstInMs()).toBe(1500);
  vi.setSystemTime(2000);
  expect([...waiting.due()]).toEqual([{ number: 7, failures: 0 }]);
  vi.setSystemTime(9000);
  expect(waiting.firstInMs()).toBe(0);
  expect([...waiting.due()]).toEqual([{ number: 8, failures: 2 }]);
});

it('are put off by hints, but not for ever', () => {
  const waiting = new WaitingPullRequests(2000);
  for (let at = 0; at <= 10_000; at += 500) {
    vi.setSystemTime(at);
    waiting.put(7, 2000);
    if (at < 10_000) expect([...waiting.due()]).toEqual([]);
  }
  expect([...waiting.due()]).toEqual([{ number: 7, failures: 0 }]);
});

it('keep their failures until they are put with others', () => {
  const waiting = new WaitingPullRequests(0);
  waiting.put(7, 0, 3);
  waiting.put(7, 0);
  expect([...waiting.due()]).toEqual([{ number: 7, failures: 3 }]);
  waiting.put(7, 0, 3);
  waiting.put(7, 0, 0);
  expect([...waiting.due()]).toEqual([{ number: 7, failures: 0 }]);
});

it('are at most a thousand', () => {
  const waiting = new WaitingPullRequests(0);
  for (let number = 1; number <= 1100; number += 1) waiting.put(number, 0);
  waiting.put(1, 0, 5);
  const due = [...waiting.due()];
  expect([due.length, due[0]]).toEqual([1000, { number: 1, failures: 5 }]);
});
