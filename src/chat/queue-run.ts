import { createHash } from 'node:crypto';
import type { DesiredCluster } from '../domain/desired.ts';
import { asRedisopsError } from '../domain/error.ts';
import { describeGoal, type Goal } from '../domain/run/goal.ts';
import type { Report } from '../domain/report.ts';
import type { Origin, RunRecord } from '../domain/run/run.ts';
import { newRunId } from '../domain/run/run-id.ts';
import { proposeJob } from '../run/life/run-job.ts';
import type { CommandPorts, CommandRequest } from './command.ts';
import { desiredAtHead } from './desired-at-head.ts';
import { checkRequester } from './permission.ts';
import { shown } from './read-text.ts';

/**
 * What every changing command does: may this person? → record the run → audit → queue. Refused attempts are audited
 * too. The run itself, its plan and its approval are the job’s.
 */
export async function queueRun(
  what: string,
  request: CommandRequest,
  ports: CommandPorts,
  goalOf: (desired: DesiredCluster) => Goal | Promise<Goal>,
): Promise<Report> {
  const origin = { from: 'slack', actor: request.user } as const;
  try {
    const desired = await desiredAtHead(request.cluster, ports);
    await checkRequester(request, desired, ports);
    return await queue(await goalOf(desired), desired.cluster, origin, request, ports);
  } catch (thrown) {
    await auditRefusal(what, origin, request, asRedisopsError(thrown).code, ports);
    throw thrown;
  }
}

async function queue(
  goal: Goal,
  cluster: string,
  origin: Origin,
  request: CommandRequest,
  ports: CommandPorts,
): Promise<Report> {
  const { breakGlass } = request;
  const now = ports.clock.now();
  const run = runNameOf(request, now);
  const requestedAt = now.toISOString();
  const record: RunRecord = {
    run,
    cluster,
    goal,
    revision: goal.kind === 'rollback' ? goal.revision : '',
    origin,
    status: 'queued',
    code: null,
    message: null,
    requestedAt,
    finishedAt: null,
    durationMs: null,
    ...(breakGlass === undefined ? {} : { breakGlass }),
  };
  const what =
    breakGlass === undefined ? describeGoal(goal) : `${describeGoal(goal)}, breaking a freeze: ${breakGlass}`;
  await ports.store.createRun(record, what);
  await ports.queue.enqueue(proposeJob(record));
  return {
    title: `${cluster}: ${describeGoal(goal)}`,
    tone: 'running',
    summary: `Queued as run \`${run}\`.`,
    next: 'Its plan, its progress and its outcome stand in a thread of this channel.',
    sections: [],
  };
}

/** A request that comes a second time, perhaps to another process, gets the same run. */
export function runNameOf({ id }: Pick<CommandRequest, 'id'>, now: Date): string {
  return newRunId(now, createHash('sha256').update(id).digest('hex').slice(0, 8));
}

/** That it cannot be written down does not hide the refusal. */
async function auditRefusal(
  what: string,
  origin: Origin,
  { cluster }: CommandRequest,
  outcome: string,
  { store, clock, log }: CommandPorts,
): Promise<void> {
  const at = clock.now().toISOString();
  await store
    .audit({ at, origin, cluster: cluster ?? '-', what: shown(what), outcome, run: null })
    .catch((error: unknown) => log.error({ error, origin, outcome }, 'a refused attempt could not be audited'));
}
