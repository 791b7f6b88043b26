import { RedisopsError } from '../domain/error.ts';
import { endedEarly, isFinal, type RunRecord } from '../domain/run.ts';
import { endRun } from './end-run.ts';
import type { RunPorts } from './ports.ts';
import { executeJob, proposeJob } from './run-job.ts';
import { openThread } from './thread.ts';

/**
 * A job that threw, or that outlived too many workers, is not tried again: its run ends here, and people are told.
 * Without the queue’s Redis nothing can be ended: then the run stays as it is, and `recoverRuns` takes it up again.
 */
export async function endAbandoned(
  job: { id: string; run: string },
  error: RedisopsError,
  ports: RunPorts,
): Promise<void> {
  const { run } = job;
  ports.log.error({ run, job: job.id, error }, 'a job was abandoned');
  if (error.code === 'QUEUE_FAILED') return;
  const record = await ports.store.run(run);
  if (!record || isFinal(record.status) || !isJobOf(record, job.id)) return;
  const thread = await openThread(record, ports.defaultChannel, ports);
  await endRun(endedEarly(record, await abandoned(run, error, ports), null), [], thread, ports);
}

/** False for the job of an earlier attempt: the run was taken up since. */
function isJobOf(record: RunRecord, id: string): boolean {
  return id === proposeJob(record).id || id === executeJob(record).id;
}

async function abandoned(
  run: string,
  { code, message, hint }: RedisopsError,
  { store }: RunPorts,
): Promise<RedisopsError> {
  const begun = (await store.journal(run)).length > 0;
  const state = begun ? 'Steps of the plan were begun: see `/redis status`, then ask anew.' : hint;
  return new RedisopsError(code, message, { hint: state });
}
