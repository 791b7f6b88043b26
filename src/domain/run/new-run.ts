import type { RunRecord } from './run.ts';

type AskedRun = Pick<RunRecord, 'run' | 'cluster' | 'goal' | 'origin'> &
  Partial<Pick<RunRecord, 'revision' | 'base' | 'breakGlass' | 'status'>>;

/**
 * The record of a new run.
 * @param asked Without `revision`: a rollback, or a head not read yet. Without `status`: waiting for a worker.
 */
export function newRun(asked: AskedRun, at: Date): RunRecord {
  const { goal } = asked;
  return {
    revision: goal.kind === 'rollback' ? goal.revision : '',
    status: 'queued',
    ...asked,
    code: null,
    message: null,
    requestedAt: at.toISOString(),
    finishedAt: null,
    durationMs: null,
  };
}
