import { describe, expect, it } from 'vitest';
import { executeRun } from '../../../src/run/life/execute-run.ts';
import type { RunRecord } from '../../../src/domain/run/run.ts';
import { openThread } from '../../../src/run/thread/thread.ts';
import { portsOf, type Given } from '../../ports.ts';
import { plan, record } from '../../report/fixtures.ts';

async function carriedOut(given: Given = {}, change: Partial<RunRecord> = {}) {
  const ports = portsOf(given);
  const run = record({ run: 'r-1', status: 'planning', ...change });
  ports.outside.runs.set(run.run, run);
  const source = {
    revision: run.revision,
    read: () => Promise.reject(new Error('https://u:hunter2@git.example is gone')),
    list: async () => [],
  };
  const thread = await openThread(run, ports);
  const thrown = await executeRun(run, plan(), source, thread, ports).catch((error: unknown) => error);
  return { thrown, ...ports.outside };
}

describe('a fault on the way', () => {
  it('ends the run without foreign words; the log has them', async () => {
    const { ended, finished, said, log } = await carriedOut();
    expect(ended).toMatchObject([{ code: 'INTERNAL', message: 'redisops failed.' }]);
    expect(finished).toEqual(ended);
    expect(JSON.stringify([ended, said])).not.toContain('hunter2');
    expect(log.lines.some(({ fields }) => String(Object.values(fields)).includes('hunter2'))).toBe(true);
  });

  it('is not reported if it could not be stored, or another end counts', async () => {
    const lost = await carriedOut({ store: { finishRun: () => Promise.reject(new Error('no queue')) } });
    expect(lost.thrown).toMatchObject({ message: 'no queue' });
    const late = await carriedOut({ store: { finishRun: async () => false } });
    for (const { said, finished } of [lost, late]) {
      expect(finished).toEqual([]);
      expect(said.map(({ how }) => how)).toEqual(['post']);
    }
  });
});

describe('a run that was stopped before its first step', () => {
  it('ends, and says who', async () => {
    const stop = { by: 'anna (U0ANNA)', at: '2025-12-01T10:00:00.000Z' };
    const { ended } = await carriedOut({}, { stop });
    expect(ended).toMatchObject([{ code: 'STOPPED', message: 'Stopped by anna (U0ANNA).', nodes: [] }]);
  });

  it('continues if another worker may have left the master’s role in transit', async () => {
    const stop = { by: 'anna', at: '2025-12-01T10:00:00.000Z' };
    const step = { at: stop.at, step: 1, node: 'redis-01', action: 'hand-over', state: 'began' } as const;
    const { ended } = await carriedOut({ store: { journal: async () => [step] } }, { stop });
    expect(ended).toMatchObject([{ code: 'INTERNAL' }]);
  });
});
