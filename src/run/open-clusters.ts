import { isFinal } from '../domain/run.ts';
import type { Store } from '../ports.ts';
import type { ClusterDirectory } from './cluster-directory.ts';

const LOOK_BACK = 200;

/**
 * Clusters that need a worker: those that Git names, and those that it names no more but whose runs are not over. What was
 * begun there is brought to its end, and what was not is refused, with word to the people.
 */
export async function clustersToServe(
  directory: Pick<ClusterDirectory, 'clusters' | 'all'>,
  store: Pick<Store, 'clusterOwners' | 'runs'>,
): Promise<readonly string[]> {
  const named = await directory.clusters();
  const ours = new Set(directory.all.map(({ name }) => name.toLowerCase()));
  const had = [...(await store.clusterOwners())]
    .filter(([cluster, owner]) => ours.has(owner.toLowerCase()) && !named.includes(cluster))
    .map(([cluster]) => cluster);
  const isOpen = await Promise.all(
    had.map(async (cluster) => (await store.runs(cluster, LOOK_BACK)).some(({ status }) => !isFinal(status))),
  );
  return [...named, ...had.filter((_, at) => isOpen[at])];
}
