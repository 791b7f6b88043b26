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
      columns: ['when', 'what', 'by', 'took', 'outcome'],
      rows: [
        ['2025-12-03 14:05 UTC', 'resync redis-03', 'U024BE7LH', '–', 'awaiting approval'],
        ['2025-12-03 14:05 UTC', 'converge to Git', 'ada, #12', '3.1 s', 'failed'],
      ],
    });
    expect(itemsOf(report, 'What went wrong')).toEqual([
      { tone: 'bad', text: '2025-12-03 14:05 UTC: redis-02: no space left (STEP_FAILED)' },
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

  it('says who decided, and when', () => {
    const taken = (decision: 'approved' | 'denied') =>
      record({ decision: { by: 'U0BEN', decision, at: '2025-12-03T14:31:00.000Z' } });
    expect(itemsOf(historyOf([taken('approved'), taken('denied'), record()]), 'Who decided')).toEqual([
      { tone: 'good', text: '2025-12-03 14:05 UTC, converge to Git: approved by U0BEN, 2025-12-03 14:31 UTC' },
      { tone: 'warning', text: '2025-12-03 14:05 UTC, converge to Git: denied by U0BEN, 2025-12-03 14:31 UTC' },
    ]);
  });

  it('names the cluster only where there are several', () => {
    const [table] = historyOf([record(), record({ cluster: 'sessions' })]).sections;
    expect(table).toMatchObject({ columns: ['when', 'cluster', 'what', 'by', 'took', 'outcome'] });
  });
});
