import { RedisopsError } from '../../domain/error.ts';
import { describeGoal } from '../../domain/goal.ts';
import { isFinal, type RunRecord } from '../../domain/run/run.ts';
import { leftOpenReport } from '../../report/run/left-open-report.ts';
import { endRun } from './end-run.ts';
import type { RunPorts } from '../ports.ts';
import { executeJob, proposeJob } from './run-job.ts';
import { stopWaiting } from './wait.ts';
import { stoppedBy } from './stop.ts';
import { stoppedEarly } from './stopped-early.ts';
import { openThread } from '../thread/thread.ts';
import type { QueuedJob } from '../../domain/run/job.ts';

const LOOK_BACK = 200;
/** A run whose jobs keep ending without ending it must not loop forever. */
const MOST_ATTEMPTS = 3;

/** Finds what a crash left behind: a run without a job, an expired approval, an unreported end. */
export async function recoverRuns(cluster: string, ports: RunPorts): Promise<void> {
  const open = (await ports.store.runs(cluster, LOOK_BACK)).filter(({ status }) => !isFinal(status));
  for (const run of open) await tried(run.run, 'recover the run', () => recoverRun(run, ports), ports);
  for (const result of await ports.store.takeUnreported(cluster))
    await tried(
      result.run,
      'tell how the run ended',
      async () => {
        const run = await ports.store.run(result.run);
        if (run) await (await openThread(run, ports)).end(result, []);
        await ports.store.markReported(result);
      },
      ports,
    );
}

async function tried(run: string, what: string, attempt: () => Promise<void>, { log }: RunPorts): Promise<void> {
  await attempt().catch((error: unknown) => log.warn({ run, error }, `could not ${what}`));
}

async function recoverRun(run: RunRecord, ports: RunPorts): Promise<void> {
  if (run.stop && run.status === 'awaiting-approval') return end(run, stoppedBy(run.stop), ports);
  if (run.status === 'queued' && run.waits) return stopWaiting(run, ports);
  if (run.status === 'queued' || run.status === 'planning') return takeUp(run, proposeJob, ports);
  const decided = await ports.store.decisionOn(run.run);
  if (decided?.decision === 'approved') return takeUp(run, executeJob, ports);
  if (run.status === 'running') return takeUp(run, proposeJob, ports);
  if (decided) return end(run, denied(decided.by), ports);
  // Nobody has seen the buttons: the time has not begun.
  if (await ports.store.isUnsaid(run.run, 'root')) return;
  const approval = await ports.store.expireApproval(run.run);
  if (approval === 'expired') return end(run, expired(), ports);
  if (approval === 'unknown') await end(run, lost(), ports);
}

/** Queueing an existing job does nothing. A job that ended without its run gets another name. */
async function takeUp(run: RunRecord, jobOf: (run: RunRecord) => QueuedJob, ports: RunPorts): Promise<void> {
  const state = await ports.queue.jobState(jobOf(run));
  if (state === 'live') return;
  if (state === 'absent') return ports.queue.enqueue(jobOf(run));
  await takeUpAgain(run, jobOf, ports);
}

/** Gives a run whose job is over another job; after too many attempts, ends the run. `left`: why the job left it. */
export async function takeUpAgain(
  run: Pick<RunRecord, 'run'>,
  jobOf: (run: RunRecord) => QueuedJob,
  ports: RunPorts,
  left?: RedisopsError,
): Promise<void> {
  const now = await ports.store.run(run.run);
  if (!now || isFinal(now.status)) return;
  const attempt = (now.attempt ?? 1) + 1;
  if (attempt > MOST_ATTEMPTS + (now.waited ?? 0)) return end(now, left ?? gaveUp(), ports);
  if (left) await tellGoesOn(now, left, ports);
  ports.log.warn({ run: run.run, attempt }, 'a run without a job is resumed');
  await ports.store.updateRun(run.run, { status: now.status, attempt });
  await ports.queue.enqueue(jobOf({ ...now, attempt }));
}

async function tellGoesOn(run: RunRecord, left: RedisopsError, ports: RunPorts): Promise<void> {
  const thread = await openThread(run, ports);
  const title = `${run.cluster}: ${describeGoal(run.goal)}`;
  await thread.wait(leftOpenReport({ title, origin: run.origin, run: run.run }, left));
}

function denied(by: string): RedisopsError {
  return new RedisopsError('APPROVAL_DENIED', `Denied by ${by}.`, { hint: 'Nothing was changed.' });
}

function expired(): RedisopsError {
  return new RedisopsError('APPROVAL_EXPIRED', 'The plan was not approved in time.', {
    hint: 'No changes were made. Ask again when a second person is available.',
  });
}

function lost(): RedisopsError {
  return new RedisopsError('APPROVAL_UNKNOWN', 'The approval request no longer exists.', {
    hint: 'No changes were made. Ask for the change again.',
  });
}

function gaveUp(): RedisopsError {
  return new RedisopsError('INTERNAL', `The run was resumed ${MOST_ATTEMPTS} times without finishing.`, {
    hint: 'The log says why. Check the nodes with `/redis status`, then ask again.',
  });
}

async function end(run: RunRecord, error: RedisopsError, ports: RunPorts): Promise<void> {
  const request = await ports.store.approval(run.run);
  const thread = await openThread(run, ports);
  await endRun(await stoppedEarly(run, error, request?.plan ?? null, ports.store), [], thread, ports);
}
