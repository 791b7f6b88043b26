import { appliedCommits, type AppliedCommit } from '../../domain/run/applied.ts';
import type { Store } from '../../ports/store.ts';

/** Number of a cluster’s runs to examine. */
const LOOK_BACK = 200;

/** The commits applied to the cluster, newest last. @throws QUEUE_FAILED */
export async function commitsOf(
  cluster: string,
  store: Pick<Store, 'runs' | 'journal'>,
): Promise<readonly AppliedCommit[]> {
  const runs = await store.runs(cluster, LOOK_BACK);
  const failed = runs.filter(({ status }) => status === 'failed');
  const changed = await Promise.all(
    // A run that was planned again had begun before: its first journal is gone.
    failed.map(async ({ run, retries = 0 }) => (retries > 0 || (await store.journal(run)).length > 0 ? [run] : [])),
  );
  return appliedCommits(runs, new Set(changed.flat()));
}
