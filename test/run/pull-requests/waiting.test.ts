import { expect, it } from 'vitest';
import { fakeClock } from '../../fake-clock.ts';
import { WaitingPullRequests } from '../../../src/run/pull-requests/waiting.ts';

it('are due when they have settled, the first first', () => {
  const clock = fakeClock();
  const waiting = new WaitingPullRequests(2000, clock);
  expect([...waiting.due(), waiting.firstInMs()]).toEqual([Infinity]);
  waiting.put(7, 2000);
  void clock.sleep(500);
  waiting.put(8, 3000, 2);
  expect(waiting.firstInMs()).toBe(1500);
  void clock.sleep(1500);
  expect([...waiting.due()]).toEqual([{ number: 7, failures: 0 }]);
  void clock.sleep(7000);
  expect(waiting.firstInMs()).toBe(0);
  expect([...waiting.due()]).toEqual([{ number: 8, failures: 2 }]);
});

it('are put off by hints, but not for ever', () => {
  const clock = fakeClock();
  const waiting = new WaitingPullRequests(2000, clock);
  for (let at = 0; at <= 10_000; at += 500) {
    waiting.put(7, 2000);
    if (at === 10_000) break;
    expect([...waiting.due()]).toEqual([]);
    void clock.sleep(500);
  }
  expect([...waiting.due()]).toEqual([{ number: 7, failures: 0 }]);
});

it('keep their failures until they are put with others', () => {
  const waiting = new WaitingPullRequests(0, fakeClock());
  waiting.put(7, 0, 3);
  waiting.put(7, 0);
  expect([...waiting.due()]).toEqual([{ number: 7, failures: 3 }]);
  waiting.put(7, 0, 3);
  waiting.put(7, 0, 0);
  expect([...waiting.due()]).toEqual([{ number: 7, failures: 0 }]);
});

it('are at most a thousand', () => {
  const waiting = new WaitingPullRequests(0, fakeClock());
  for (let number = 1; number <= 1100; number += 1) waiting.put(number, 0);
  waiting.put(1, 0, 5);
  const due = [...waiting.due()];
  expect([due.length, due[0]]).toEqual([1000, { number: 1, failures: 5 }]);
});
