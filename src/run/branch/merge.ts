import type { BranchChange } from '../../domain/git/branch.ts';
import type { RunRecord } from '../../domain/run/run.ts';
import { proposeJob } from '../life/run-job.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';

export interface MergePorts {
  store: Store;
  queue: Queue;
  clock: Clock;
}

/** The run of what came onto the branch, and its job; those that are there already, where there are. */
export async function enqueueChange(cluster: string, change: BranchChange, ports: MergePorts): Promise<string> {
  const at = ports.clock.now().toISOString();
  const record = runOfCommit(cluster, change, at);
  await ports.store.createRun(record, describeChange(change));
  await ports.queue.enqueue(proposeJob(record));
  return record.run;
}

export function describeChange({ commit, pullRequest }: BranchChange): string {
  return pullRequest ? `merge of #${pullRequest.number}` : `push of ${commit.slice(0, 12)}`;
}

/** One a cluster and commit, whoever tells of it. */
export function runOfCommit(
  cluster: string,
  { commit, base, author, pullRequest }: BranchChange,
  at: string,
): RunRecord {
  return {
    run: `merge-${cluster}-${commit.slice(0, 12)}`,
    cluster,
    goal: { kind: 'converge' },
    revision: commit,
    base,
    origin: pullRequest
      ? { from: 'github', actor: pullRequest.mergedBy, pullRequest: pullRequest.number }
      : { from: 'github', actor: author },
    status: 'queued',
    code: null,
    message: null,
    requestedAt: at,
    finishedAt: null,
    durationMs: null,
  };
}
