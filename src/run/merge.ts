import { clustersOf, touchesCluster } from '../desired/read-desired.ts';
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
  const source = ports.codeHost.at(merge.commit);
  const changed = await ports.codeHost.changedPaths(merge.base, merge.commit);
  const runs: string[] = [];
  for (const cluster of await clustersOf(source)) {
    if (await touchesCluster(source, cluster, changed)) runs.push(await enqueueFor(cluster, merge, ports));
  }
  return runs;
}

async function enqueueFor(cluster: string, merge: Merge, ports: MergePorts): Promise<string> {
  const run = `merge-${cluster}-${merge.commit.slice(0, 12)}`;
  const goal = { kind: 'converge' } as const;
  const origin = { from: 'github', actor: merge.mergedBy, pullRequest: merge.pullRequest } as const;
  const at = ports.clock.now().toISOString();
  const record: RunRecord = {
    run,
    cluster,
    goal,
    revision: merge.commit,
    base: merge.base,
    origin,
    status: 'queued',
    code: null,
    message: null,
    requestedAt: at,
    finishedAt: null,
    durationMs: null,
  };
  const created = await ports.store.createRun(record);
  if (created)
    await ports.store.audit({ at, origin, cluster, what: `merge of #${merge.pullRequest}`, outcome: 'queued', run });
  await ports.queue.enqueue(proposeJob(record));
  return run;
}
