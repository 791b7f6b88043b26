import type { RunWorker } from '../adapters/queue/worker.ts';
import type { Log } from '../ports/log.ts';

/** A worker for each cluster, also for those that a merge brings while the program runs. */
export interface ClusterWorkers {
  /** Starts what is missing. A cluster that is gone from Git keeps its worker: runs of it may be open. */
  startMissing(): Promise<void>;
  clusters(): readonly string[];
  close(graceMs: number): Promise<void>;
}

/** The first `startMissing` fails where the clusters cannot be read; a later one logs that, once until it is over. */
export function clusterWorkers(
  list: () => Promise<readonly string[]>,
  start: (cluster: string) => Promise<RunWorker>,
  log: Log,
): ClusterWorkers {
  const workers = new Map<string, RunWorker>();
  let isFailing = false;
  const startAll = async (): Promise<void> => {
    for (const cluster of await list()) {
      if (workers.has(cluster)) continue;
      workers.set(cluster, await start(cluster));
      log.info({ cluster }, 'the cluster has a worker');
    }
    isFailing = false;
  };
  return {
    async startMissing() {
      if (workers.size === 0) return startAll();
      await startAll().catch((error: unknown) => {
        if (!isFailing) log.warn({ error }, 'new clusters cannot be looked for; retrying');
        isFailing = true;
      });
    },
    clusters: () => [...workers.keys()],
    async close(graceMs) {
      await Promise.all([...workers.values()].map((worker) => worker.close(graceMs)));
    },
  };
}
