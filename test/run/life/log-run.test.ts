import { expect, it } from 'vitest';
import { logEnd, logQueued } from '../../../src/run/life/log-run.ts';
import { quietLog } from '../../adapters/quiet-log.ts';
import { record, result } from '../../report/fixtures.ts';

const ORIGIN = { from: 'slack', actor: 'U0ANNA', name: 'anna' } as const;

it('logs a line when a run is queued', () => {
  const log = quietLog();
  logQueued(record({ run: 'r-1', origin: ORIGIN }), log);
  const fields = { run: 'r-1', cluster: 'redis', goal: 'converge to Git', by: 'anna (U0ANNA)', from: 'slack' };
  expect(log.lines).toEqual([{ level: 'info', message: 'run queued', fields }]);
});

it.each([
  [{ outcome: 'done', code: 'DONE' }, 'info', 'run done'],
  [{ outcome: 'refused', code: 'STALE_PLAN' }, 'info', 'run refused'],
  [{ outcome: 'refused', code: 'APPROVAL_DENIED' }, 'info', 'run denied'],
  [{ outcome: 'failed', code: 'STOPPED' }, 'info', 'run stopped'],
  [{ outcome: 'failed', code: 'STEP_FAILED' }, 'error', 'run failed'],
] as const)('logs a line when a run ends: %j', async (end, level, message) => {
  const log = quietLog();
  const store = { run: () => Promise.resolve(record({ origin: ORIGIN })) };
  await logEnd(result({ ...end, cluster: 'redis' }), { store, log });
  expect(log.lines).toMatchObject([
    { level, message, fields: { cluster: 'redis', by: 'anna (U0ANNA)', code: end.code } },
  ]);
});

it('logs the end though nobody knows who asked', async () => {
  const log = quietLog();
  await logEnd(result({}), { store: { run: () => Promise.reject(new Error('away')) }, log });
  expect(log.lines).toHaveLength(1);
});
