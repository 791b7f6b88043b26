import { isFinal } from '../../domain/run/run.ts';
import type { ClusterDirectory } from './cluster-directory.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';

const LOOK_BACK = 200;

/**
 * Clusters that need a worker: those named in Git, and removed ones with unfinished runs. A begun run is finished; any
 * other is refused and reported. A cluster known only to another process is left to it; a cluster with unreadable runs
 * holds up no other.
 */
export async function clustersToServe(
  directory: Pick<ClusterDirectory, 'clusters' | 'all' | 'lastOf'>,
  { store, log }: { store: Pick<Store, 'clusterOwners' | 'runs'>; log: Log },
): Promise<readonly string[]> {
  const named = await directory.clusters();
  const ours = new Set(directory.all.map(({ name }) => name.toLowerCase()));
  const had = [...(await store.clusterOwners())]
    .filter(([, owner]) => ours.has(owner.toLowerCase()))
    .map(([cluster]) => cluster)
    .filter((cluster) => !named.includes(cluster) && directory.lastOf(cluster) !== undefined);
  const isOpen = await Promise.all(
    had.map((cluster) =>
      store.runs(cluster, LOOK_BACK).then(
        (runs) => runs.some(({ status }) => !isFinal(status)),
        (error: unknown) => {
          log.warn({ cluster, error }, 'the runs of a cluster that Git names no more cannot be read');
          return false;
        },
      ),
    ),
  );
  return [...named, ...had.filter((_, at) => isOpen[at])];
}
