import { Queue as BullQueue, Worker as BullWorker, type Job } from 'bullmq';
import { RedisopsError } from '../../domain/error.ts';
import { answerOf, connectQueue, queueFailed, type QueueAddress } from './connection.ts';
import { redactText } from '../log/redact.ts';
import type { Log } from '../../ports/log.ts';
import type { Queue } from '../../ports/queue.ts';
import type { QueuedJob } from '../../domain/run/job.ts';
import { jobName, jobPayload } from '../../records/job.ts';

/** Keys of BullMQ begin so; those of the store beside them do not. */
const PREFIX = 'redisops:bull';
const KEPT = { age: 30 * 24 * 3600, count: 10_000 };

/** A worker’s death is noticed when its lock has run out and the next check finds that: within 45 s by these. */
const LOCK_MS = 30_000;
const CHECK_MS = 15_000;
/** Deaths of workers that one job outlives; a job that kills every worker must not go round for ever. */
const DEATHS = 5;
const ENQUEUE_TIMEOUT_MS = 5000;
/** What a worker does after a job’s end: that its run was abandoned is told then. */
const SETTLE_MS = 60_000;

/** A job as Redis has it. */
export interface RawJob {
  id: string;
  name: string;
  data: unknown;
}

export interface WorkerOptions {
  /** Told of a job that threw, that could not be read, or whose workers died too often: it is not tried again. */
  failed?: (job: RawJob, error: RedisopsError) => void;
  /** For tests; milliseconds. */
  lockMs?: number;
  checkMs?: number;
  deaths?: number;
}

export interface RunQueue extends Queue {
  /**
   * Takes the cluster’s jobs, one at a time over all workers of all machines. `stop` is aborted when the job should end
   * at its next safe point: the worker is closing, or another has taken the job over.
   */
  startWorker(
    cluster: string,
    process: (job: QueuedJob, stop: AbortSignal) => Promise<void>,
    options?: WorkerOptions,
  ): Promise<RunWorker>;
  close(): Promise<void>;
}

export interface RunWorker {
  /**
   * Takes no further job. The running one has `graceMs` to end, then is told to stop and has as long again; what still
   * runs then is given up, and the next worker takes it over.
   */
  close(graceMs: number): Promise<void>;
}

/** A BullMQ queue for each cluster. All methods fail with QUEUE_FAILED. */
export function runQueue(
  address: QueueAddress,
  log: Log,
  { timeoutMs = ENQUEUE_TIMEOUT_MS, settleMs = SETTLE_MS } = {},
): RunQueue {
  // BullMQ’s blocking reads must wait for as long as it takes.
  const redis = connectQueue(address, log, { maxRetriesPerRequest: null });
  const queues = new Map<string, BullQueue>();
  const workers = new Set<RunWorker>();

  const queueOf = (cluster: string): BullQueue => {
    const known = queues.get(cluster);
    if (known) return known;
    const queue = new BullQueue(queueName(cluster), { connection: redis, prefix: PREFIX });
    queue.on('error', (error) => log.warn({ cluster, error: queueFailed(error) }, 'the queue reports an error'));
    queues.set(cluster, queue);
    return queue;
  };

  return {
    async enqueue(job) {
      const queue = queueOf(job.data.cluster);
      const options = { jobId: jobId(job.id), attempts: 1, removeOnComplete: KEPT, removeOnFail: KEPT };
      await answerOf(queue.add(job.name, job.data, options), timeoutMs);
    },
    async stateOf({ id, data: { cluster } }) {
      const job = await answerOf(queueOf(cluster).getJob(jobId(id)), timeoutMs);
      if (!job) return 'absent';
      const { finishedOn } = job;
      if (finishedOn === undefined) return 'live';
      return Date.now() - finishedOn < settleMs ? 'live' : 'ended';
    },
    async startWorker(cluster, process, options = {}) {
      await answerOf(queueOf(cluster).setGlobalConcurrency(1));
      const bull = bullWorker(cluster, process, options);
      bull.on('error', (error) => log.warn({ cluster, error: queueFailed(error) }, 'the worker reports an error'));
      const worker: RunWorker = {
        async close(graceMs) {
          workers.delete(worker);
          await closeInTime(bull, graceMs, (message) => log.warn({ cluster }, message));
        },
      };
      workers.add(worker);
      await answerOf(bull.waitUntilReady());
      return worker;
    },
    async close() {
      await Promise.all([...workers].map((worker) => worker.close(0)));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      redis.disconnect();
    },
  };

  function bullWorker(
    cluster: string,
    process: (job: QueuedJob, stop: AbortSignal) => Promise<void>,
    { failed, lockMs = LOCK_MS, checkMs = CHECK_MS, deaths = DEATHS }: WorkerOptions,
  ): BullWorker {
    // BullMQ hands out the signal only to functions that name it.
    const take = async (job: Job, _token?: string, signal?: AbortSignal): Promise<void> => {
      try {
        await process(readJob(rawJob(job)), asStop(signal));
      } catch (error) {
        // BullMQ keeps the error in Redis.
        throw jobFailed(error);
      }
    };
    const worker = new BullWorker(queueName(cluster), take, {
      connection: redis,
      prefix: PREFIX,
      concurrency: 1,
      lockDuration: lockMs,
      stalledInterval: checkMs,
      maxStalledCount: deaths,
    });
    worker.on('lockRenewalFailed', (jobs) => {
      for (const job of jobs) worker.cancelJob(job, 'another worker has the job');
    });
    worker.on('failed', (job, error) => {
      const reason = jobFailed(error);
      log.error({ cluster, job: job?.id, error: reason }, 'a job failed');
      if (job) failed?.(rawJob(job), reason);
    });
    return worker;
  }
}

/** BullMQ’s own reason is a text for logs. */
function asStop(signal: AbortSignal | undefined): AbortSignal {
  const stop = new AbortController();
  const end = (): void => stop.abort(workerEnded());
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  return stop.signal;
}

function workerEnded(): RedisopsError {
  return new RedisopsError('WORKER_ENDED', 'The run’s worker was ended, or has lost the run to another one.', {
    hint: 'The next worker goes on with it.',
  });
}

async function closeInTime(worker: BullWorker, graceMs: number, warn: (message: string) => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const after = (what: () => void): void => {
    timer = setTimeout(what, graceMs);
  };
  const ended = worker.close();
  const givenUp = new Promise<void>((resolve) => {
    after(() => {
      warn('the running job is told to stop');
      worker.cancelAllJobs('the worker is closing');
      after(() => {
        warn('the running job is given up; the next worker takes it over');
        resolve();
      });
    });
  });
  await Promise.race([ended, givenUp]).finally(() => clearTimeout(timer));
}

/** BullMQ builds keys of it with colons between; encoded, no cluster’s name can reach into another’s. */
function queueName(cluster: string): string {
  return `redisops-${encodeURIComponent(cluster)}`;
}

/** BullMQ refuses colons. */
function jobId(id: string): string {
  return encodeURIComponent(id);
}

function rawJob({ id = '', name, data }: Job): RawJob {
  return { id: decodeURIComponent(id), name, data };
}

/** Jobs come from Redis, and perhaps from another version of redisops. */
function readJob({ id, name, data }: RawJob): QueuedJob {
  const known = jobName.safeParse(name);
  if (known.success) return { name: known.data, id, data: jobPayload.parse(data) };
  throw new RedisopsError('INTERNAL', `There is no job “${name.slice(0, 40)}”.`, {
    hint: 'Is another version of redisops queueing?',
  });
}

function jobFailed(error: unknown): RedisopsError {
  if (error instanceof RedisopsError) return error;
  return new RedisopsError('INTERNAL', redactText(error instanceof Error ? error.message : String(error)), {
    cause: error,
    hint: 'The job is not tried again. The log has the reason; look at the nodes with `status`, then ask anew.',
  });
}
