import type { JobName, QueuedJob } from '../../domain/run/job.ts';
import type { RunRecord } from '../../domain/run/run.ts';

type Named = Pick<RunRecord, 'run' | 'cluster' | 'attempt'>;

/** The job that plans the run. */
export function proposeJob(run: Named): QueuedJob {
  return jobOf('propose', run);
}

/** The job that executes the plan approved under the run’s name. */
export function executeJob(run: Named): QueuedJob {
  return jobOf('execute', run);
}

/** A job ID is used only once: the next attempt of a run gets another one. */
function jobOf(name: JobName, { run, cluster, attempt = 1 }: Named): QueuedJob {
  const id = attempt === 1 ? `${name}-${run}` : `${name}-${run}-attempt-${attempt}`;
  return { name, id, data: { run, cluster } };
}
