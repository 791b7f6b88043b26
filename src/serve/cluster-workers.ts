import type { RunWorker } from '../adapters/queue/worker.ts';
import type { Log } from '../ports/log.ts';

/** One worker per cluster, including clusters merged while the program runs. */
export interface ClusterWorkers {
  /** Starts missing workers. A cluster removed from Git keeps its worker, for open runs. */
  startMissing(): Promise<void>;
  clusters(): readonly string[];
  close(graceMs: number): Promise<void>;
}

/** The first `startMissing` fails if the clusters cannot be read; later ones log that, once until it is over. */
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
