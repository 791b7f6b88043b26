import { isFinal } from '../../domain/run/run.ts';
import type { ClusterDirectory } from './cluster-directory.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';

const LOOK_BACK = 200;

/**
 * Clusters that need a worker: those that Git names, and those that it names no more but whose runs are not over. What was
 * begun there is brought to its end, and what was not is refused, with word to the people. A cluster that only another
 * process knows yet is left to that one, and one whose runs cannot be read holds up no other.
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
