import { clustersOf, touchesCluster } from '../desired/read-desired.ts';
import type { BranchChange } from '../domain/branch.ts';
import type { RunRecord } from '../domain/run.ts';
import type { CodeHost, Clock, Queue, Store } from '../ports.ts';
import { proposeJob } from './run-job.ts';

/** A pull request that was merged into the configured branch. */
export interface Merge {
  pullRequest: number;
  /** The commit that the branch got. */
  commit: string;
  /** The base that the pull request was compared with: what changed since is a superset of the merge’s own changes. */
  base: string;
  mergedBy: string;
}

export interface MergePorts {
  store: Store;
  queue: Queue;
  codeHost: CodeHost;
  clock: Clock;
}

/**
 * One run per cluster and commit, whoever tells of the merge and how often: the run’s name is made of both. Answers the
 * runs’ names; none when no cluster’s files changed.
 */
export async function enqueueMerge(merge: Merge, ports: MergePorts): Promise<readonly string[]> {
  const { commit, base, mergedBy, pullRequest } = merge;
  const change = { commit, base, author: mergedBy, pullRequest: { number: pullRequest, mergedBy } };
  const source = ports.codeHost.at(commit);
  const changed = await ports.codeHost.changedPaths(base, commit);
  const runs: string[] = [];
  for (const cluster of await clustersOf(source)) {
    if (await touchesCluster(source, cluster, changed)) runs.push(await enqueueChange(cluster, change, ports));
  }
  return runs;
}

/** The run of what came onto the branch, and its job; those that are there already, where there are. */
export async function enqueueChange(cluster: string, change: BranchChange, ports: MergePorts): Promise<string> {
  const at = ports.clock.now().toISOString();
  const record = runOfCommit(cluster, change, at);
  const { run, origin } = record;
  const what = change.pullRequest ? `merge of #${change.pullRequest.number}` : `push of ${change.commit.slice(0, 12)}`;
  if (await ports.store.createRun(record))
    await ports.store.audit({ at, origin, cluster, what, outcome: 'queued', run });
  await ports.queue.enqueue(proposeJob(record));
  return run;
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
