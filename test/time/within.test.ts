import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atMost, within } from '../../src/time/within.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const late = () => new Error('too late');
function deferred<T>() {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((_, fail) => (reject = fail));
  return { promise, reject: (error: Error) => reject(error) };
}

const never = new Promise<string>(() => {});

describe('within', () => {
  it('has the promise’s outcome, and leaves no timer behind', async () => {
    await expect(within(1000, Promise.resolve('there'), late)).resolves.toBe('there');
    await expect(within(1000, Promise.reject(new Error('no')), late)).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fails when the time is over, and not before', async () => {
    const outcome = within(1000, never, late).catch((error: Error) => error.message);
    await vi.advanceTimersByTimeAsync(999);
    expect(await Promise.race([outcome, Promise.resolve('still waiting')])).toBe('still waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toBe('too late');
  });

  it('ignores a promise that fails afterwards', async () => {
    const { promise: slow, reject: fail } = deferred<string>();
    const outcome = within(1000, slow, late).catch((error: Error) => error.message);
    await vi.advanceTimersByTimeAsync(1000);
    fail(new Error('afterwards'));
    expect(await outcome).toBe('too late');
  });
});

describe('atMost', () => {
  it.each([
    ['ends well', () => Promise.resolve()],
    ['fails', () => Promise.reject(new Error('no'))],
  ])('is over with a promise that %s', async (_, promised) => {
    expect(await atMost(1000, promised())).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is over when the time is', async () => {
    const outcome = atMost(1000, never);
    await vi.advanceTimersByTimeAsync(999);
    expect(await Promise.race([outcome, Promise.resolve('still waiting')])).toBe('still waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toBe(false);
  });
});
