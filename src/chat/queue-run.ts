import { createHash } from 'node:crypto';
import type { DesiredCluster } from '../domain/desired.ts';
import { describeGoal, type Goal } from '../domain/goal.ts';
import type { Report } from '../domain/report.ts';
import { newRun } from '../domain/run/new-run.ts';
import { newRunId } from '../domain/run/run-id.ts';
import { holdUpsOf } from '../run/life/hold-ups.ts';
import { logQueued } from '../run/life/log-run.ts';
import { proposeJob } from '../run/life/run-job.ts';
import type { CommandPorts, CommandRequest } from './command.ts';
import { desiredOf } from '../operation/look.ts';
import { permittedChange, type Place } from './gate.ts';
import { checkRequester } from './permission.ts';
import { originOf } from './person.ts';
import type { Origin } from '../domain/run/run.ts';

/** Builds the goal once the cluster is known. */
export type GoalOf = (desired: DesiredCluster) => Goal | Promise<Goal>;

/** Shared by all changing commands: check permission, read the configuration, queue the run. */
export function queueRun(what: string, request: CommandRequest, ports: CommandPorts, goalOf: GoalOf): Promise<Report> {
  return permittedChange(what, request, checkRequester, ports, (place) => queueAt(place, request, ports, goalOf));
}

/**
 * Reads the configuration, records and audits the run, and queues it. The job makes the plan and asks for approval.
 * @throws CLUSTER_LOCKED, FROZEN, CONFIG_INVALID: answered at once, without a thread.
 */
export async function queueAt(
  { source, cluster, policy }: Place,
  request: CommandRequest,
  ports: CommandPorts,
  goalOf: GoalOf,
): Promise<Report> {
  const { breakGlass } = request;
  const obstacle = (await holdUpsOf({ cluster, policy }, ports)).find(
    ({ code }) => code === 'CLUSTER_LOCKED' || breakGlass === undefined,
  );
  if (obstacle) throw obstacle;
  const goal = await goalOf(await desiredOf(source, cluster, ports));
  const now = ports.clock.now();
  const run = runNameOf(request, now);
  const record = newRun({ run, cluster, goal, origin: namedOrigin(request), breakGlass }, now);
  const what =
    breakGlass === undefined ? describeGoal(goal) : `${describeGoal(goal)}, overriding a freeze: ${breakGlass}`;
  const isNew = await ports.store.createRun(record, what);
  await ports.queue.enqueue(proposeJob(record));
  if (isNew) logQueued(record, ports.log);
  return {
    title: `${cluster}: ${describeGoal(goal)}`,
    tone: 'running',
    summary: `Queued as run \`${run}\`.`,
    next: 'Plan, progress and outcome are posted in a thread of this channel.',
    sections: [],
  };
}

/** A request delivered twice, even to two processes, gets the same run. */
export function runNameOf({ id }: Pick<CommandRequest, 'id'>, now: Date): string {
  return newRunId(now, createHash('sha256').update(id).digest('hex').slice(0, 8));
}

function namedOrigin({ user, channel, handle = '' }: CommandRequest): Origin {
  return { ...originOf({ user, channel }), ...(handle === '' ? {} : { name: handle }) };
}
