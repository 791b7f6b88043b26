import type { RedisopsError } from '../../domain/error.ts';
import { STAYS_OPEN, isFinal, type RunRecord } from '../../domain/run/run.ts';
import { endRun } from './end-run.ts';
import type { RunPorts } from '../ports.ts';
import { takeUpAgain } from './recover.ts';
import { executeJob, proposeJob } from './run-job.ts';
import { stoppedEarly } from './stopped-early.ts';
import { openThread } from '../thread/thread.ts';

/**
 * Ends the run of a job that threw or outlived too many workers, and reports it. If the job left its run open, another
 * job continues it; while the queue’s Redis is down this throws, and `recoverRuns` finds the run later.
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

/** False for a job of an earlier attempt. */
function isJobOf(record: RunRecord, id: string): boolean {
  return id === proposeJob(record).id || id === executeJob(record).id;
}
