import type { BranchChange } from '../../domain/git/branch.ts';
import { newRun } from '../../domain/run/new-run.ts';
import type { Origin, RunRecord } from '../../domain/run/run.ts';
import { logQueued } from '../life/log-run.ts';
import { proposeJob } from '../life/run-job.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';

export interface EnqueuePorts {
  store: Store;
  queue: Queue;
  clock: Clock;
  log: Log;
}

/** Creates and queues the run for a change on the branch, unless it exists. */
export async function enqueueChange(cluster: string, change: BranchChange, ports: EnqueuePorts): Promise<string> {
  const record = runOfCommit(cluster, change, ports.clock.now());
  const isNew = await ports.store.createRun(record, describeChange(change));
  await ports.queue.enqueue(proposeJob(record));
  if (isNew) logQueued(record, ports.log);
  return record.run;
}

export function describeChange({ commit, pullRequest }: BranchChange): string {
  return pullRequest ? `merge of #${pullRequest.number}` : `push of ${commit.slice(0, 12)}`;
}

/** One run per cluster and commit, whoever reports the commit. */
export function runOfCommit(cluster: string, { commit, base, author, pullRequest }: BranchChange, at: Date): RunRecord {
  const run = `merge-${cluster}-${commit.slice(0, 12)}`;
  const origin: Origin = pullRequest
    ? { from: 'github', actor: pullRequest.mergedBy, pullRequest: pullRequest.number }
    : { from: 'github', actor: author };
  return newRun({ run, cluster, goal: { kind: 'converge' }, origin, revision: commit, base }, at);
}
