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
  const journals = await Promise.all(failed.map(async ({ run }) => ({ run, steps: await store.journal(run) })));
  return appliedCommits(runs, new Set(journals.filter(({ steps }) => steps.length > 0).map(({ run }) => run)));
}
