import { describe, expect, it } from 'vitest';
import { RedisopsError } from '../../src/domain/error.ts';
import { watchReadiness } from '../../src/serve/readiness.ts';
import { quietLog } from '../adapters/quiet-log.ts';
import { eventually } from '../eventually.ts';

const AWAY = new RedisopsError('GITHUB_FAILED', 'GitHub is away.', { hint: 'Wait.' });

/** Time passes when the test says so: up to the next look. */
function steppedClock() {
  let elapsed = 0;
  let wake = (): void => undefined;
  const sleep = (milliseconds: number, stop?: AbortSignal | null): Promise<void> =>
    new Promise((resolve) => {
      stop?.addEventListener('abort', () => resolve());
      wake = () => {
        elapsed += milliseconds;
        resolve();
      };
    });
  return { clock: { now: () => new Date(elapsed), elapsed: () => elapsed, sleep }, next: () => wake() };
}

/** Two checks; the second one fails while there is an error in `state`. */
async function watched(first: Error | null) {
  const log = quietLog();
  const state = { error: first, asked: 0 };
  const github = async (): Promise<void> => {
    state.asked += 1;
    if (state.error) throw state.error;
  };
  const { clock, next } = steppedClock();
  const readiness = watchReadiness({ queue: async () => undefined, github }, { only: 'bot' }, { log, clock });
  await readiness.begun;
  const lookAgain = async (): Promise<void> => {
    const { asked } = state;
    await eventually(() => {
      next();
      expect(state.asked).toBe(asked + 1);
    });
    await readiness.checks['github']?.().catch(() => undefined);
  };
  return { readiness, state, lookAgain, said: () => log.lines.map(({ level, message }) => `${level}: ${message}`) };
}

describe('readiness', () => {
  it('is said once, when nothing is missing', async () => {
    const { said, lookAgain, readiness } = await watched(null);
    await lookAgain();
    expect(said()).toEqual(['info: ready']);
    await readiness.close();
  });

  it('names what is missing once, with a hint, and its return', async () => {
    const { said, state, lookAgain, readiness } = await watched(AWAY);
    await lookAgain();
    expect(said()).toEqual(['error: not ready: GitHub is away. Wait.']);
    state.error = new RedisopsError('GITHUB_FAILED', 'Bad credentials.', { hint: 'GITHUB_TOKEN is wrong.' });
    await lookAgain();
    state.error = null;
    await lookAgain();
    await eventually(() => expect(said()).toHaveLength(4));
    expect(said().slice(1)).toEqual([
      'error: not ready: Bad credentials. GITHUB_TOKEN is wrong.',
      'info: available again',
      'info: ready',
    ]);
    await readiness.close();
  });

  it('shares one check among the probes of a few seconds', async () => {
    const { readiness, state } = await watched(AWAY);
    for (let times = 0; times < 3; times += 1) await expect(readiness.checks['github']?.()).rejects.toBe(AWAY);
    expect(state.asked).toBe(1);
    await readiness.close();
  });
});
