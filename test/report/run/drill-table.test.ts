import { expect, it } from 'vitest';
import type { DrillFigures, FailoverFigures } from '../../../src/domain/run/failover-figures.ts';
import { drillSections } from '../../../src/report/run/drill-table.ts';
import { runReport } from '../../../src/report/run/run-report.ts';
import { HEALTHY, result } from '../fixtures.ts';
import { headingsOf, rowsOf } from '../look.ts';

const MEASURED: FailoverFigures = {
  from: 'redis-01',
  to: 'redis-02',
  writesHeldBackMs: 12,
  writes: { acknowledged: 3392, lost: 0, longestGapMs: 41, readOnly: 2 },
};
const DRILL: DrillFigures = {
  syncs: { full: 0, partial: 4 },
  nodes: [
    {
      name: 'redis-01',
      before: { role: 'master', keys: 1200, offset: 2048 },
      after: { role: 'master', keys: 1201, offset: 4096 },
    },
  ],
};

function drilled(failover: FailoverFigures, outageMs: { following: number | null; fixed: number | null } | null) {
  return result({ goal: { kind: 'drill', scenario: 'planned' }, drill: DRILL, failover, outageMs });
}

it.each([
  [
    'measured',
    MEASURED,
    { following: 41, fixed: 1500 },
    [
      ['scenario', 'planned switchover: redis-01 → redis-02 → redis-01'],
      ['writes kept', '3,392 of 3,392'],
      ['longest outage, clients that follow the role', '41 ms'],
      ['outage, clients with a fixed address', '1.5 s'],
      ['READONLY answers', '2'],
      ['resynchronizations', '4 partial, 0 full'],
    ],
  ],
  [
    'with lost writes',
    { ...MEASURED, writes: { acknowledged: 100, lost: 3 } },
    { following: null, fixed: null },
    [
      ['scenario', 'planned switchover: redis-01 → redis-02 → redis-01'],
      ['writes kept', '97 of 100'],
      ['longest outage, clients that follow the role', '–'],
      ['outage, clients with a fixed address', '–'],
      ['READONLY answers', '–'],
      ['resynchronizations', '4 partial, 0 full'],
    ],
  ],
  [
    'whose writer got no answer',
    { ...MEASURED, to: null, writes: null },
    null,
    [
      ['scenario', 'planned switchover: redis-01 → – → redis-01'],
      ['writes kept', '–'],
      ['longest outage, clients that follow the role', '–'],
      ['outage, clients with a fixed address', '–'],
      ['READONLY answers', '–'],
      ['resynchronizations', '4 partial, 0 full'],
    ],
  ],
])('has a row for each measure of a drill, %s', (_, failover, outageMs, rows) => {
  const report = runReport(drilled(failover, outageMs), HEALTHY);
  expect(headingsOf(report).slice(0, 2)).toEqual(['Drill', 'Before and after']);
  expect(rowsOf(report, 'Drill')).toEqual(rows);
});

it('has each node before and after', () => {
  const report = runReport(drilled(MEASURED, null), HEALTHY);
  expect(rowsOf(report, 'Before and after')).toEqual([
    ['redis-01', 'master', 'master', '1,200', '1,201', '2 KiB', '4 KiB'],
  ]);
});

it('is not part of other runs, nor of a drill that was refused', () => {
  expect(drillSections(result())).toEqual([]);
  expect(drillSections(result({ goal: { kind: 'failover', mode: 'planned' }, failover: MEASURED }))).toEqual([]);
  expect(drillSections(result({ goal: { kind: 'drill', scenario: 'planned' } }))).toEqual([]);
});
