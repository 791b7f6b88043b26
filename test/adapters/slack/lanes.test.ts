import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AskAgain, slackLanes, type Turn } from '../../../src/adapters/slack/lanes.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import { realClock } from '../../../src/time/real-clock.ts';
import { fakeClock } from '../../fake-clock.ts';

const FAILURE = new RedisopsError('SLACK_FAILED', 'no', { hint: '' });

function lanes() {
  const clock = fakeClock();
  const said: { what: string; at: number }[] = [];
  const take = slackLanes(clock);
  const turn = (what: string, kind: Turn['kind'] = 'post', replaces?: string): Turn => ({
    lane: 'C1',
    kind,
    ...(replaces === undefined ? {} : { replaces }),
    say: async () => {
      said.push({ what, at: clock.elapsed() });
      return what;
    },
  });
  return { clock, take, turn, said };
}

describe('slackLanes', () => {
  it('ends what waits when redisops stops', async () => {
    const stop = new AbortController();
    const take = slackLanes(realClock, stop.signal);
    const say = (): Promise<never> => Promise.reject(new AskAgain(60_000, FAILURE));
    const first = take({ lane: 'C1', kind: 'post', say });
    stop.abort();
    await expect(first).rejects.toMatchObject({ code: 'SLACK_FAILED', message: 'redisops is stopping.' });
  });

  it('says one post a second and keeps their order', async () => {
    const { take, turn, said } = lanes();
    const answers = await Promise.all(['a', 'b', 'c'].map((what) => take(turn(what))));
    expect(answers).toEqual(['a', 'b', 'c']);
    expect(said.map(({ what }) => what)).toEqual(['a', 'b', 'c']);
    expect(said.map(({ at }) => at - (said[0]?.at ?? 0))).toEqual([0, 1000, 2000]);
  });

  it('does not hold up another channel', async () => {
    const { clock, take, turn } = lanes();
    await Promise.all([take(turn('a')), take({ ...turn('b'), lane: 'C2' })]);
    expect(clock.slept).toEqual([]);
  });

  it('sends only the newest waiting edit, and answers all callers', async () => {
    const { take, turn, said } = lanes();
    const edits = ['1', '2', '3', '4'].map((what) => take(turn(what, 'edit', 'm1')));
    const other = take(turn('other', 'edit', 'm2'));
    expect(await Promise.all([...edits, other])).toEqual(['1', '4', '4', '4', 'other']);
    expect(said.map(({ what }) => what)).toEqual(['1', '4', 'other']);
  });

  it('waits as long as Slack says, and then sends the newest', async () => {
    const { take, turn, said, clock } = lanes();
    let refusals = 1;
    const first = take({
      ...turn('old', 'edit', 'm1'),
      say: async () => {
        if (refusals-- > 0) {
          void take(turn('new', 'edit', 'm1'));
          throw new AskAgain(30_000, FAILURE);
        }
        return 'old';
      },
    });
    const began = clock.elapsed();
    expect(await first).toBe('new');
    expect(said).toEqual([{ what: 'new', at: began + 30_000 }]);
  });

  it.each([
    ['tries at most six times', 1000, 6],
    ['is not patient for longer than two minutes', 50_000, 3],
    ['does not wait for hours', 7_200_000, 1],
  ])('%s', async (_, afterMs, expected) => {
    const { take, turn } = lanes();
    let tries = 0;
    const say = async (): Promise<never> => {
      tries += 1;
      throw new AskAgain(afterMs, FAILURE);
    };
    await expect(take({ ...turn('a'), say })).rejects.toBe(FAILURE);
    expect(tries).toBe(expected);
  });

  it('continues after a failure', async () => {
    const { take, turn } = lanes();
    const failing = take({ ...turn('a'), say: () => Promise.reject(FAILURE) });
    const next = take(turn('b'));
    await expect(failing).rejects.toBe(FAILURE);
    expect(await next).toBe('b');
  });

  it('never leaves an older text in place, in any order of events', async () => {
    const step = fc.record({ message: fc.constantFrom('m1', 'm2'), refusals: fc.integer({ min: 0, max: 2 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const { take, turn } = lanes();
        const shown = new Map<string, number>();
        const all = steps.map(({ message, refusals }, at) => {
          let left = refusals;
          const say = async (): Promise<void> => {
            await Promise.resolve();
            if (left-- > 0) throw new AskAgain(500, FAILURE);
            shown.set(message, at);
          };
          return take({ ...turn(message, 'edit', message), say });
        });
        await Promise.all(all);
        for (const message of ['m1', 'm2']) {
          const newest = steps.findLastIndex((each) => each.message === message);
          expect(shown.get(message) ?? -1).toBe(newest);
        }
      }),
    );
  });
});
