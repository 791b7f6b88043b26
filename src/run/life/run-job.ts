import type { RunRecord } from '../../domain/run/run.ts';
import type { QueuedJob } from '../../domain/run/job.ts';

type Named = Pick<RunRecord, 'run' | 'attempt'>;

/** The job that plans the run. */
export function proposeJob(run: RunRecord): QueuedJob {
  const { cluster, goal, revision, origin } = run;
  // A merge is its commit; what was asked for by hand is the branch’s head, whatever an earlier attempt has read.
  const isFixed = origin.from === 'github' || goal.kind === 'rollback';
  const data = { run: run.run, cluster, goal, revision: isFixed ? revision : null, origin };
  return { name: 'propose', id: jobId('propose', run), data };
}

/** The job that carries out the plan that was approved under the run’s name. */
export function executeJob(run: Named & Pick<RunRecord, 'cluster'>): QueuedJob {
  return {
    name: 'execute',
    id: jobId('execute', run),
    data: { run: run.run, cluster: run.cluster, approval: run.run },
  };
}

/** A job’s name is taken once and for all: a run that is taken up again gets another one. */
function jobId(job: string, { run, attempt = 1 }: Named): string {
  return attempt === 1 ? `${job}-${run}` : `${job}-${run}-attempt-${attempt}`;
}
