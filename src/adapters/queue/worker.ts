import { Worker as BullWorker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { RedisopsError } from '../../domain/error.ts';
import type { QueuedJob } from '../../domain/run/job.ts';
import type { Log } from '../../ports/log.ts';
import { jobName, jobPayload } from '../../records/job.ts';
import { atMost } from '../../time/within.ts';
import { redactText } from '../log/redact.ts';
import { answerOf, queueFailed } from './connection.ts';
import { PREFIX, queueName, rawJob, type RawJob } from './names.ts';

/** A dead worker is detected once its lock has expired and the next check runs: within 45 s. */
const LOCK_MS = 30_000;
const CHECK_MS = 15_000;
/** Worker deaths that one job survives; a job that kills every worker must not loop forever. */
const DEATHS = 5;

/** `stop` aborts when the job should end at its next safe point. */
export type ProcessJob = (job: QueuedJob, stop: AbortSignal) => Promise<void>;

export interface WorkerOptions {
  /** Called for a job that threw, could not be read, or killed too many workers: it is not retried. */
  failed?: (job: RawJob, error: RedisopsError) => void;
  /** For tests; milliseconds. */
  lockMs?: number;
  checkMs?: number;
  deaths?: number;
}

export interface RunWorker {
  /**
   * Takes no further job. The running one has `graceMs` to end, then is stopped and has the same time again; after that
   * it is abandoned, and the next worker takes over.
   */
  close(graceMs: number): Promise<void>;
}

/** Processes the cluster’s jobs, one at a time, from `ready` on, which fails with QUEUE_FAILED. */
export function runWorker(
  cluster: string,
  process: ProcessJob,
  options: WorkerOptions,
  { redis, log }: { redis: Redis; log: Log },
): RunWorker & { ready: Promise<unknown> } {
  const worker = bullWorker(cluster, process, options, redis);
  worker.on('error', (error) => log.warn({ cluster, error: queueFailed(error) }, 'the worker reports an error'));
  worker.on('lockRenewalFailed', (jobs) => {
    for (const job of jobs) worker.cancelJob(job, 'another worker has the job');
  });
  worker.on('failed', (job, error) => {
    const reason = jobFailed(error);
    log.error({ cluster, job: job?.id, error: reason }, 'a job failed');
    if (job) options.failed?.(rawJob(job), reason);
  });
  return {
    ready: answerOf(worker.waitUntilReady()),
    close: (graceMs) => closeInTime(worker, graceMs, (message) => log.warn({ cluster }, message)),
  };
}

function bullWorker(
  cluster: string,
  process: ProcessJob,
  { lockMs = LOCK_MS, checkMs = CHECK_MS, deaths = DEATHS }: WorkerOptions,
  redis: Redis,
): BullWorker {
  // BullMQ passes the signal only to functions that declare the parameter.
  const take = async (job: Job, _token?: string, signal?: AbortSignal): Promise<void> => {
    try {
      await process(readJob(rawJob(job)), asStop(signal));
    } catch (error) {
      // BullMQ stores the error in Redis.
      throw jobFailed(error);
    }
  };
  return new BullWorker(queueName(cluster), take, {
    connection: redis,
    prefix: PREFIX,
    concurrency: 1,
    lockDuration: lockMs,
    stalledInterval: checkMs,
    maxStalledCount: deaths,
  });
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
  return new RedisopsError('WORKER_ENDED', 'The run’s worker ended, or another worker took the run over.', {
    hint: 'The next worker resumes it.',
  });
}

async function closeInTime(worker: BullWorker, graceMs: number, warn: (message: string) => void): Promise<void> {
  const ended = worker.close();
  if (await atMost(graceMs, ended)) return ended;
  warn('stopping the running job');
  worker.cancelAllJobs('the worker is closing');
  if (await atMost(graceMs, ended)) return ended;
  warn('the running job is given up; the next worker takes it over');
}

/** Jobs may have been stored by another version of redisops. */
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
    hint: 'The job is not retried. The log has the reason. Check the nodes with `status`, then ask again.',
  });
}
