import { describe, expect, it } from 'vitest';
import { historyReport } from '../../../src/report/run/history-report.ts';
import type { RunRecord } from '../../../src/domain/run/run.ts';
import { record } from '../fixtures.ts';
import { itemsOf } from '../look.ts';

const historyOf = (runs: readonly RunRecord[], unreadable: readonly string[] = []) =>
  historyReport({ runs, unreadable });

describe('historyReport', () => {
  it('says that there is none', () => {
    expect(historyOf([])).toMatchObject({ summary: 'No runs yet.', sections: [] });
  });

  it('has a line a run, and why one went wrong', () => {
    const refused = record({
      goal: { kind: 'resync', node: 'redis-03' },
      origin: { from: 'slack', actor: 'U024BE7LH' },
      status: 'awaiting-approval',
      durationMs: null,
    });
    const failed = record({ status: 'failed', code: 'STEP_FAILED', message: 'redis-02: no space left' });
    const report = historyOf([refused, failed]);
    expect(report.sections[0]).toEqual({
      kind: 'table',
      columns: ['when', 'what', 'by', 'took', 'outcome', 'run'],
      rows: [
        ['2025-12-03 14:05 UTC', 'resync redis-03', 'U024BE7LH', '–', 'awaiting approval', refused.run],
        ['2025-12-03 14:05 UTC', 'converge to Git', 'ada, #12', '3.1 s', 'failed', failed.run],
      ],
    });
    expect(itemsOf(report, 'What went wrong')).toEqual([
      { tone: 'bad', text: `${failed.run}: redis-02: no space left (STEP_FAILED)` },
    ]);
  });

  it.each([
    [[record()], 'The last 1 run, newest first.'],
    [[], 'No run can be shown.'],
  ])('names runs of another version: %#', (runs, summary) => {
    const report = historyOf(runs, ['run-1', 'run-2']);
    expect(report.summary).toBe(summary);
    expect(itemsOf(report, 'Written by another version of redisops and not readable by this one')).toEqual(
      ['run-1', 'run-2'].map((text) => ({ tone: 'warning', text })),
    );
  });

  it('names who decided, and when', () => {
    const taken = (decision: 'approved' | 'denied') =>
      record({ decision: { by: 'U0BEN', decision, at: '2025-12-03T14:31:00.000Z' } });
    expect(itemsOf(historyOf([taken('approved'), taken('denied'), record()]), 'Who decided')).toEqual([
      { tone: 'good', text: 'merge-redis-9c1f0e2d3b4a, converge to Git: approved by U0BEN, 2025-12-03 14:31 UTC' },
      { tone: 'warning', text: 'merge-redis-9c1f0e2d3b4a, converge to Git: denied by U0BEN, 2025-12-03 14:31 UTC' },
    ]);
  });

  it('calls people by their names, and a stopped run stopped, with the time that it took', () => {
    const origin = { from: 'slack', actor: 'U0ANNA', name: 'anna' } as const;
    const ended = { finishedAt: '2025-12-03T14:06:14.000Z', durationMs: 0 };
    const stopped = record({ origin, status: 'failed', code: 'STOPPED', message: 'Stopped by U0BEN.', ...ended });
    const denied = record({
      origin,
      status: 'denied',
      code: 'APPROVAL_DENIED',
      decision: { by: 'U0BEN', decision: 'denied', at: '2025-12-03T14:31:00.000Z' },
      decidedBy: 'ben',
    });
    const report = historyOf([stopped, denied, record({ ...ended, status: 'failed', message: 'by carla (U0CARLA)' })]);
    expect(report.sections[0]).toMatchObject({
      rows: [
        ['2025-12-03 14:05 UTC', 'converge to Git', 'anna', '1 min 5 s', 'stopped', stopped.run],
        ['2025-12-03 14:05 UTC', 'converge to Git', 'anna', '3.1 s', 'denied', denied.run],
        expect.arrayContaining(['failed']) as string[],
      ],
    });
    expect(itemsOf(report, 'Who decided')?.[0]?.text).toContain('denied by ben,');
    expect(itemsOf(report, 'What went wrong')?.map(({ text }) => text)).toEqual([
      `${stopped.run}: Stopped by ben. (STOPPED)`,
      `${stopped.run}: by carla (U0CARLA) (DONE)`,
    ]);
  });

  it('names the cluster only if there are several', () => {
    const [table] = historyOf([record(), record({ cluster: 'sessions' })]).sections;
    expect(table).toMatchObject({ columns: ['when', 'cluster', 'what', 'by', 'took', 'outcome', 'run'] });
  });
});
