import { z } from 'zod';
import { run as execute } from '../../jobs/execute.ts';
import { run as propose } from '../../jobs/propose.ts';
import type { RawJob } from '../adapters/queue/names.ts';
import type { RedisopsError } from '../domain/error.ts';
import { endAbandoned } from '../run/life/abandoned.ts';
import type { RunPorts } from '../run/ports.ts';
import { portsAt } from '../run/repositories/cluster-directory.ts';
import { clustersToServe } from '../run/repositories/open-clusters.ts';
import { recoverRuns } from '../run/life/recover.ts';
import { watch, type Watch } from '../run/watch.ts';
import { clusterWorkers } from './cluster-workers.ts';
import { standingWatch } from './standing-watch.ts';
import type { Program } from './program.ts';
import type { JobName, JobPayload } from '../domain/run/job.ts';
import { atMost } from '../time/within.ts';

const RECOVER_EVERY_MS = 15_000;
/** Where the clusters could not be read. */
const SOON_MS = 5000;
/** Time for other work to end on shutdown; another worker repeats it. */
const SETTLE_MS = 2000;
/** Time for the current run to end on shutdown. */
const GRACE_MS = 60_000;

const JOBS: Readonly<Record<JobName, (data: JobPayload, ports: RunPorts) => Promise<void>>> = { propose, execute };

/** One worker per cluster, with the searches for open runs and drift. Returns a function that stops them. */
export async function startWorkers(program: Program): Promise<() => Promise<void>> {
  const abandoning = pending();
  const start = (cluster: string) =>
    program.queue.startWorker(
      cluster,
      async ({ name, data }, stop) => JOBS[name](data, { ...(await portsAt(cluster, program)), stop }),
      { failed: (job, error) => abandoning.add(abandon(job, error, cluster, program)) },
    );
  const workers = clusterWorkers(() => clustersToServe(program.repositories, program), start, program.log);
  const recover = async (): Promise<void> => {
    await workers.startMissing();
    await forEach(workers.clusters(), recoverCluster, 'could not look for open runs', program);
  };
  const failing = { is: false };
  await noted(recover, failing, program)();
  const recovering = every(() => (failing.is ? SOON_MS : RECOVER_EVERY_MS), noted(recover, failing, program), program);
  const watching = standingWatch(() => workers.clusters(), portsOfLast, program);
  return async () => {
    const looks = atMost(SETTLE_MS, Promise.all([watching.close(), recovering.close()]));
    await Promise.all([looks, workers.close(GRACE_MS)]);
    await abandoning.settled();
  };
}

function every(milliseconds: () => number, look: () => Promise<void>, { clock }: Program): Watch {
  return watch(() => look().then(milliseconds), clock, { firstMs: milliseconds() });
}

/** A failure is logged once, until it is over. */
function noted(look: () => Promise<void>, failing: { is: boolean }, { log }: Program): () => Promise<void> {
  return async () => {
    try {
      await look();
      failing.is = false;
    } catch (error) {
      if (!failing.is) log.error({ error }, 'the clusters cannot be looked at; retrying');
      failing.is = true;
    }
  };
}

/** Visits all clusters in parallel; a failure of one is logged and stops none of the others. */
async function forEach(
  clusters: readonly string[],
  look: (cluster: string, program: Program) => Promise<void>,
  failure: string,
  program: Program,
): Promise<void> {
  const looks = clusters.map((cluster) =>
    look(cluster, program).catch((error: unknown) => program.log.warn({ cluster, error }, failure)),
  );
  await Promise.all(looks);
}

/** Background work, awaited only at the end. */
function pending(): { add(work: Promise<void>): void; settled(): Promise<boolean> } {
  const open = new Set<Promise<void>>();
  return {
    add: (work) => void open.add(work.finally(() => open.delete(work))),
    settled: () => atMost(SETTLE_MS, Promise.all(open)),
  };
}

// A function of its own, so that any failure becomes a rejection, which is caught.
async function recoverCluster(cluster: string, program: Program): Promise<void> {
  await recoverRuns(cluster, portsOfLast(cluster, program));
}

/** Called so often that ownership of the cluster is not looked up each time. */
function portsOfLast(cluster: string, program: Program): RunPorts {
  const repository = program.repositories.lastOf(cluster);
  if (!repository) throw new Error(`nobody has the cluster ${cluster}`);
  return { ...program, ...repository };
}

const named = z.looseObject({ run: z.string() });

async function abandon({ id, data }: RawJob, error: RedisopsError, cluster: string, program: Program): Promise<void> {
  try {
    await endAbandoned({ id, run: named.parse(data).run }, error, await portsAt(cluster, program));
  } catch (failure) {
    program.log.error({ job: id, error: failure }, 'an abandoned run could not be ended; it is resumed');
  }
}
