import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awaitCondition, type Seen } from '../../../src/apply/node/await-condition.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import { fakeClock } from '../../fake-clock.ts';
import { realClock } from '../../../src/time/real-clock.ts';

function patience(limitMs: number) {
  const clock = fakeClock();
  const givenUp = () => new RedisopsError('TIMED_OUT', 'in vain', { hint: '' });
  return { everyMs: 50, limitMs, clock, stop: null, givenUp };
}

function seenInTurn(...seen: readonly Seen<string>[]): () => Promise<Seen<string>> {
  const left = [...seen];
  return () => Promise.resolve(left.shift() ?? { done: false, progress: 'the last' });
}

describe('awaitCondition', () => {
  it('answers at the first look, without a sleep', async () => {
    const waiting = patience(1000);
    expect(await awaitCondition(seenInTurn({ done: true, value: 'x' }), waiting)).toBe('x');
    expect(waiting.clock.slept).toEqual([]);
  });

  it('gives up after the limit without progress', async () => {
    const waiting = patience(200);
    await expect(awaitCondition(seenInTurn(), waiting)).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(waiting.clock.elapsed()).toBe(200);
  });

  it('waits on as long as something moves, however long', async () => {
    const moving = Array.from({ length: 100 }, (_, at) => ({ done: false, progress: String(at) }) as const);
    const waiting = patience(120);
    expect(await awaitCondition(seenInTurn(...moving, { done: true, value: 'x' }), waiting)).toBe('x');
    expect(waiting.clock.elapsed()).toBe(5000);
  });

  it('never gives up within the limit after the last progress', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { maxLength: 60 }),
        fc.integer({ min: 1, max: 400 }),
        async (steps, limit) => {
          const waiting = patience(limit);
          let movedAt = 0;
          let previous: string | null = null;
          const left = steps.map(String);
          const look = (): Promise<Seen<string>> => {
            const progress = left.shift() ?? previous ?? '';
            if (progress !== previous) movedAt = waiting.clock.elapsed();
            previous = progress;
            return Promise.resolve({ done: false, progress });
          };
          await expect(awaitCondition(look, waiting)).rejects.toMatchObject({ code: 'TIMED_OUT' });
          expect(waiting.clock.elapsed() - movedAt).toBe(limit);
        },
      ),
    );
  });

  it('fails with the error of a look', async () => {
    const broken = () => Promise.reject(new RedisopsError('SSH_UNREACHABLE', 'gone', { hint: '' }));
    await expect(awaitCondition(broken, patience(100))).rejects.toMatchObject({ code: 'SSH_UNREACHABLE' });
  });

  it('ends at a stop, also in the middle of a sleep', async () => {
    const stop = new AbortController();
    const look = (): Promise<Seen<string>> => {
      queueMicrotask(() => stop.abort());
      return Promise.resolve({ done: false, progress: '' });
    };
    const waiting = { ...patience(600_000), everyMs: 300_000, clock: realClock, stop: stop.signal };
    await expect(awaitCondition(look, waiting)).rejects.toMatchObject({ code: 'STOPPED' });
  });
});
