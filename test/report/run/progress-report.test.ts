import { describe, expect, it } from 'vitest';
import { RedisopsError } from '../../../src/domain/error.ts';
import type { RunEvent } from '../../../src/domain/run/event.ts';
import { blockKit } from '../../../src/report/slack/block-kit.ts';
import { progressReport } from '../../../src/report/run/progress-report.ts';
import { terminal } from '../../../src/report/terminal.ts';
import { plan, rollout, rolloutEvents, verification } from '../fixtures.ts';
import { headingsOf, itemsOf } from '../look.ts';

const RUN = { title: 'redis: converge to Git', origin: { from: 'github', actor: 'ada', pullRequest: 12 } } as const;

function linesOf(events: readonly RunEvent[]): number {
  return terminal(progressReport(RUN, events), { colour: false }).split('\n').length;
}

describe('progressReport', () => {
  it('begins before there is a plan', () => {
    expect(progressReport(RUN, [])).toEqual({
      title: 'redis: converge to Git',
      tone: 'running',
      summary: 'Reading Git and the nodes.',
      askedBy: RUN.origin,
      sections: [],
    });
  });

  it('has one line a node, and the steps of the one under way', () => {
    const report = progressReport(RUN, rolloutEvents());
    expect(report.summary).toBe('▰▰▰▰▰▰▱▱▱▱ 17 of 27 steps done.');
    expect(itemsOf(report)).toEqual([
      { tone: 'good', text: 'redis-01: 9 of 9 steps, 792 ms' },
      { tone: 'running', text: 'redis-02: 8 of 9 steps, 1.5 s' },
      { tone: 'neutral', text: 'redis-03: 0 of 9 steps' },
    ]);
    expect(headingsOf(report)).toEqual([undefined, 'redis-02']);
    expect(itemsOf(report, 'redis-02')).toEqual([
      { tone: 'good', text: '5 earlier steps done' },
      { tone: 'good', text: 'enable redis-server, 208 ms' },
      { tone: 'good', text: 'start redis-server, 220 ms' },
      { tone: 'good', text: 'replicate from redis-01, 232 ms' },
      { tone: 'running', text: 'wait for the link to redis-01\n▰▰▰▱▱▱▱▱▱▱ 80.1 MiB of 256 MiB, 31 %: loading' },
    ]);
  });

  it('shows the next steps only', () => {
    const report = progressReport(RUN, rolloutEvents().slice(0, 2));
    expect(itemsOf(report, 'redis-01').map(({ tone, text }) => [tone, text])).toEqual([
      ['running', 'install redis-server'],
      ['neutral', 'make /data/redis, redis:redis 750'],
      ['neutral', 'write the drop-in override.conf'],
      ['neutral', '6 more steps to come'],
    ]);
  });

  it.each([
    ['no total', { message: 'loading', doneBytes: 2048 }, 'loading: 2 KiB'],
    ['no bytes', { message: 'handshake' }, 'handshake'],
    ['a total of 0', { message: 'loading', doneBytes: 2048, totalBytes: 0 }, 'loading: 2 KiB'],
  ])('shows progress with %s', (_, progress, text) => {
    const events = rolloutEvents().map((event) => (event.kind === 'step-progress' ? { ...event, progress } : event));
    expect(itemsOf(progressReport(RUN, events), 'redis-02').at(-1)?.text).toBe(
      `wait for the link to redis-01\n${text}`,
    );
  });

  it('names the step that failed', () => {
    const events = rolloutEvents();
    const last = events.at(-1);
    if (last?.kind !== 'step-progress') throw new Error('the fixture changed');
    const error = new RedisopsError('TIMED_OUT', 'no link within 60 s', { hint: '' });
    const report = progressReport(RUN, [...events, { ...last, kind: 'step-failed', error }]);
    expect(report).toMatchObject({ tone: 'bad', summary: 'A step failed on redis-02. The run stops here.' });
    expect(itemsOf(report, 'redis-02').at(-1)).toEqual({
      tone: 'bad',
      text: 'wait for the link to redis-01\nno link within 60 s (TIMED_OUT)',
    });
  });

  it('begins anew with the plan of a later worker', () => {
    const rest = plan({ waves: [{ actions: rollout('redis-03') }] });
    const report = progressReport(RUN, [...rolloutEvents(), { kind: 'planned', plan: rest }]);
    expect(itemsOf(report)).toEqual([{ tone: 'neutral', text: 'redis-03: 0 of 9 steps' }]);
  });

  it('says that it verifies, and the verdict', () => {
    const events = rolloutEvents().slice(0, 19);
    const whole: RunEvent = { kind: 'planned', plan: plan({ waves: [{ actions: rollout('redis-01') }] }) };
    const done = [whole, ...events.slice(1)];
    expect(progressReport(RUN, done).summary).toBe('All 9 steps done. Verifying with a write.');
    expect(progressReport(RUN, [...done, { kind: 'verified', verification: verification() }]).summary).toBe(
      'Verified: healthy.',
    );
  });

  it('stays short at every moment of a run, and for a hundred nodes', () => {
    const events = rolloutEvents();
    for (let length = 0; length <= events.length; length += 1)
      expect(linesOf(events.slice(0, length))).toBeLessThanOrEqual(18);

    const actions = Array.from({ length: 100 }, (_, at) => rollout(`redis-${at}`)).flat();
    const started = actions.map((action, at): RunEvent => ({
      kind: 'step-started',
      step: at + 1,
      of: actions.length,
      action,
    }));
    const many: readonly RunEvent[] = [{ kind: 'planned', plan: plan({ waves: [{ actions }] }) }, ...started];
    expect(linesOf(many)).toBeLessThanOrEqual(50);
    expect(blockKit(progressReport(RUN, many))).toHaveLength(1);
  });
});
