import { RedisopsError } from '../domain/error.ts';
import { endedEarly, isFinal, type ApprovalRequest, type RunRecord } from '../domain/run.ts';
import { openThread } from './thread.ts';
import type { RunPorts } from './ports.ts';

const LOOK_BACK = 200;

/**
 * Finds what a death between two steps left behind: a run that was recorded but not queued, an approval that was given
 * but not queued, an approval that nobody gave in time. Queueing again does nothing where the job is there already.
 */
export async function recoverRuns(cluster: string, ports: RunPorts): Promise<void> {
  const open = (await ports.store.runs(cluster, LOOK_BACK)).filter(({ status }) => !isFinal(status));
  for (const run of open) {
    await recoverRun(run, ports).catch((error: unknown) =>
      ports.log.warn({ run: run.run, error }, 'could not recover the run'),
    );
  }
}

async function recoverRun(run: RunRecord, ports: RunPorts): Promise<void> {
  const { goal, cluster, revision, origin } = run;
  if (run.status === 'queued')
    return ports.queue.enqueue({
      name: 'propose',
      id: `propose-${run.run}`,
      data: { run: run.run, cluster, goal, revision: revision === '' ? null : revision, origin },
    });
  if (run.status !== 'awaiting-approval') return;

  const decided = await ports.store.decisionOn(run.run);
  if (decided?.decision === 'approved')
    return ports.queue.enqueue({
      name: 'execute',
      id: `execute-${run.run}`,
      data: { run: run.run, cluster, approval: run.run },
    });
  const request = await ports.store.approval(run.run);
  if (!request) return;
  if (decided) return end(run, request, denied(decided.by), ports);
  if (await ports.store.expireApproval(run.run)) await end(run, request, expired(), ports);
}

function denied(by: string): RedisopsError {
  return new RedisopsError('APPROVAL_DENIED', `Denied by ${by}.`, { hint: 'Nothing was changed.' });
}

function expired(): RedisopsError {
  return new RedisopsError('APPROVAL_EXPIRED', 'Nobody approved the plan in time.', {
    hint: 'Nothing was changed. Ask again when a second person is there.',
  });
}

async function end(run: RunRecord, request: ApprovalRequest, error: RedisopsError, ports: RunPorts): Promise<void> {
  const result = endedEarly(run, error, request.plan);
  await ports.store.finishRun(result);
  ports.finished(result);
  await (await openThread(run, ports.defaultChannel, ports)).end(result, []);
}
