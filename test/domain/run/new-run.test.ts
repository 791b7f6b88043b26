import { expect, it } from 'vitest';
import type { Goal } from '../../../src/domain/goal.ts';
import { newRun } from '../../../src/domain/run/new-run.ts';
import { runRecord } from '../../../src/records/run.ts';

const AT = new Date('2025-12-03T14:05:09.000Z');
const COMMIT = 'c'.repeat(40);
const asked = (goal: Goal) => ({ run: 'r-1', cluster: 'redis', goal, origin: { from: 'slack', actor: 'U1' } as const });

it.each<[string, Parameters<typeof newRun>[0], object]>([
  ['is queued, for a head that nobody has read', asked({ kind: 'converge' }), { status: 'queued', revision: '' }],
  ['is a rollback’s, for its commit', asked({ kind: 'rollback', revision: COMMIT }), { revision: COMMIT }],
  [
    'is as it was asked for',
    { ...asked({ kind: 'purge' }), revision: 'beef', base: 'cafe', breakGlass: 'outage', status: 'running' },
    { revision: 'beef', base: 'cafe', breakGlass: 'outage', status: 'running' },
  ],
])('a new run %s', (_, given, expected) => {
  const record = newRun(given, AT);
  expect(record).toMatchObject({ ...expected, requestedAt: AT.toISOString(), finishedAt: null, code: null });
  expect(runRecord.parse(record)).toEqual(record);
});
