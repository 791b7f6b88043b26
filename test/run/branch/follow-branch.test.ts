import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RedisopsError } from '../../../src/domain/error.ts';
import { followBranch } from '../../../src/run/branch/follow-branch.ts';
import { quietLog } from '../../adapters/quiet-log.ts';
import { realClock } from '../../../src/time/real-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function followed(look: () => Promise<boolean> = () => Promise.resolve(false)) {
  const log = quietLog();
  const looks: number[] = [];
  const since = Date.now();
  const follower = followBranch(
    () => {
      looks.push(Date.now() - since);
      return look();
    },
    { everyMs: 60_000, settleMs: 1000 },
    { log, clock: realClock },
  );
  return { follower, looks, log };
}

it('looks at once, at intervals, and twice after a burst of hints, since GitHub may announce a commit before serving it', async () => {
  const { follower, looks } = followed();
  await vi.advanceTimersByTimeAsync(10_000);
  for (let hints = 0; hints < 1000; hints += 1) follower.hint();
  await vi.advanceTimersByTimeAsync(5000);
  expect(looks).toEqual([0, 10_000, 15_000]);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(looks.length).toBeGreaterThanOrEqual(3 + 7);
  expect(looks.length).toBeLessThanOrEqual(3 + 14);
  await follower.close();
  const { length } = looks;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(looks).toHaveLength(length);
});

it('looks again for a hint that came while it looked', async () => {
  let end: (soon: boolean) => void = () => undefined;
  const { follower, looks } = followed(() => new Promise((resolve) => (end = resolve)));
  follower.hint();
  await vi.advanceTimersByTimeAsync(3000);
  expect(looks).toHaveLength(1);
  end(false);
  await vi.advanceTimersByTimeAsync(3000);
  expect(looks).toHaveLength(2);
  end(false);
  await follower.close();
});

it('looks again soon if asked to', async () => {
  let times = 0;
  const { follower, looks } = followed(() => Promise.resolve((times += 1) < 4));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(looks).toEqual([0, 5000, 10_000, 15_000]);
  await follower.close();
});

it('waits longer with each failure, whatever the hints, and logs the first and the end', async () => {
  let fails = true;
  const { follower, looks, log } = followed(() =>
    fails ? Promise.reject(new RedisopsError('GITHUB_FAILED', 'no', { hint: 'look' })) : Promise.resolve(false),
  );
  for (let minute = 0; minute < 60; minute += 1) {
    follower.hint();
    await vi.advanceTimersByTimeAsync(60_000);
  }
  expect(looks.length).toBeGreaterThan(3);
  expect(looks.length).toBeLessThan(16);
  expect(looks[1]).toBeLessThanOrEqual(12_500);
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  fails = false;
  await vi.advanceTimersByTimeAsync(1_200_000);
  expect(log.lines.filter(({ level }) => level === 'info')).toHaveLength(1);
  await follower.close();
});

it('retries soon if its own queue failed, and still accepts hints', async () => {
  let fails = true;
  const { follower, looks, log } = followed(() =>
    fails ? Promise.reject(new RedisopsError('QUEUE_FAILED', 'no', { hint: 'wait' })) : Promise.resolve(false),
  );
  await vi.advanceTimersByTimeAsync(11_000);
  expect(looks).toEqual([0, 5000, 10_000]);
  fails = false;
  follower.hint();
  await vi.advanceTimersByTimeAsync(0);
  expect(looks).toEqual([0, 5000, 10_000, 11_000]);
  expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'info']);
  await follower.close();
});
