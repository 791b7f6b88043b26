import type { RedisopsError } from '../../domain/error.ts';
import { STAYS_OPEN, isFinal, type RunRecord } from '../../domain/run/run.ts';
import { endRun } from './end-run.ts';
import type { RunPorts } from '../ports.ts';
import { takeUpAgain } from './recover.ts';
import { executeJob, proposeJob } from './run-job.ts';
import { stoppedEarly } from './stopped-early.ts';
import { openThread } from '../thread/thread.ts';

/**
 * A job that threw, or that outlived too many workers, is not tried again: its run ends here, and people are told. Where
 * it left the run open, another job goes on; while the queue’s Redis is away, this throws, and `recoverRuns` finds it later.
 */
export async function endAbandoned(
  job: { id: string; run: string },
  error: RedisopsError,
  ports: RunPorts,
): Promise<void> {
  const { run } = job;
  ports.log.error({ run, job: job.id, error }, 'a job was abandoned');
  const record = await ports.store.run(run);
  if (!record || isFinal(record.status) || !isJobOf(record, job.id)) return;
  if (STAYS_OPEN.has(error.code))
    return takeUpAgain(record, job.id === executeJob(record).id ? executeJob : proposeJob, ports, error);
  const thread = await openThread(record, ports);
  await endRun(await stoppedEarly(record, error, null, ports.store), [], thread, ports);
}

/** False for the job of an earlier attempt: the run was taken up since. */
function isJobOf(record: RunRecord, id: string): boolean {
  return id === proposeJob(record).id || id === executeJob(record).id;
}
