import { RedisopsError } from '../../domain/error.ts';
import { describeGoal } from '../../domain/goal.ts';
import type { RunRecord } from '../../domain/run/run.ts';
import { waitReport } from '../../report/run/wait-report.ts';
import { obstacleToStart } from './admission.ts';
import type { RunPorts } from '../ports.ts';
import { proposeJob } from './run-job.ts';
import { openThread } from '../thread/thread.ts';

/** Keeps the run without a job; `stopWaiting` gives it one. */
export async function wait(run: RunRecord, obstacle: RedisopsError, ports: RunPorts): Promise<void> {
  const since = run.waits?.since ?? ports.clock.now().toISOString();
  const waits = { code: obstacle.code, message: obstacle.message, since };
  await ports.store.updateRun(run.run, { status: 'queued', waits, waited: (run.waited ?? 0) + 1 });
  await tell({ ...run, waits }, ports);
}

/** Starts the run once its pause is over, if nothing holds it up any more; otherwise reports what does. */
export async function stopWaiting(run: RunRecord, ports: RunPorts): Promise<void> {
  const { waits, stop } = run;
  if (!stop && waits?.until !== undefined && Date.parse(waits.until) > ports.clock.now().getTime()) return;
  const obstacle = await obstacleToStart(run, ports).catch(unlessGone);
  if (obstacle && waits && obstacle.message !== waits.message) {
    const changed = { ...waits, code: obstacle.code, message: obstacle.message };
    await ports.store.updateRun(run.run, { status: 'queued', waits: changed });
    await tell({ ...run, waits: changed }, ports);
  }
  if (obstacle) return;
  // The last job is over, so the next needs another name; repeating this gives the same name.
  const attempt = (run.attempt ?? 1) + 1;
  await ports.store.updateRun(run.run, { status: 'queued', code: null, message: null, attempt, waits: null });
  await ports.queue.enqueue(proposeJob({ ...run, attempt }));
}

/** Nothing holds up a cluster that Git no longer names: its run begins and is refused. */
function unlessGone(error: unknown): null {
  if (error instanceof RedisopsError && error.code === 'UNKNOWN_CLUSTER') return null;
  throw error;
}

async function tell(run: RunRecord, ports: RunPorts): Promise<void> {
  const { waits } = run;
  if (!waits) return;
  const thread = await openThread(run, ports);
  const title = `${run.cluster}: ${describeGoal(run.goal)} waits`;
  await thread.wait(waitReport({ title, origin: run.origin, run: run.run }, waits));
}
