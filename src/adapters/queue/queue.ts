import { Queue as BullQueue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Log } from '../../ports/log.ts';
import type { Queue } from '../../ports/queue.ts';
import { answerOf, connectQueue, queueFailed, type QueueAddress } from './connection.ts';
import { jobId, PREFIX, queueName } from './names.ts';
import { runWorker, type ProcessJob, type RunWorker, type WorkerOptions } from './worker.ts';
import { realClock } from '../../time/real-clock.ts';

const KEPT = { age: 30 * 24 * 3600, count: 10_000 };
const ENQUEUE_TIMEOUT_MS = 5000;
/** After a job’s end the worker still reports an abandoned run. */
const SETTLE_MS = 60_000;

export interface RunQueue extends Queue {
  /**
   * Processes the cluster’s jobs, one at a time across all workers on all machines. `stop` aborts when the job should
   * end at its next safe point: the worker is closing, or another one has taken the job over.
   */
  startWorker(cluster: string, process: ProcessJob, options?: WorkerOptions): Promise<RunWorker>;
  close(): Promise<void>;
}

/** One BullMQ queue per cluster. All methods fail with QUEUE_FAILED. */
export function runQueue(
  address: QueueAddress,
  log: Log,
  { timeoutMs = ENQUEUE_TIMEOUT_MS, settleMs = SETTLE_MS } = {},
): RunQueue {
  // BullMQ’s blocking reads must not time out.
  const redis = connectQueue(address, log, { maxRetriesPerRequest: null });
  const queues = new Map<string, BullQueue>();
  const workers = new Set<RunWorker>();
  const queueOf = (cluster: string): BullQueue => {
    const queue = queues.get(cluster) ?? bullQueue(cluster, redis, log);
    queues.set(cluster, queue);
    return queue;
  };

  return {
    async enqueue(job) {
      const queue = queueOf(job.data.cluster);
      const options = { jobId: jobId(job.id), attempts: 1, removeOnComplete: KEPT, removeOnFail: KEPT };
      await answerOf(queue.add(job.name, job.data, options), timeoutMs);
    },
    async jobState({ id, data: { cluster } }) {
      const job = await answerOf(queueOf(cluster).getJob(jobId(id)), timeoutMs);
      if (!job) return 'absent';
      const { finishedOn } = job;
      if (finishedOn === undefined) return 'live';
      return realClock.now().getTime() - finishedOn < settleMs ? 'live' : 'ended';
    },
    async startWorker(cluster, process, options = {}) {
      await answerOf(queueOf(cluster).setGlobalConcurrency(1));
      const started = runWorker(cluster, process, options, { redis, log });
      const worker: RunWorker = {
        async close(graceMs) {
          workers.delete(worker);
          await started.close(graceMs);
        },
      };
      workers.add(worker);
      await started.ready;
      return worker;
    },
    async close() {
      await Promise.all([...workers].map((worker) => worker.close(0)));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      redis.disconnect();
    },
  };
}

function bullQueue(cluster: string, redis: Redis, log: Log): BullQueue {
  const queue = new BullQueue(queueName(cluster), { connection: redis, prefix: PREFIX });
  queue.on('error', (error) => log.warn({ cluster, error: queueFailed(error) }, 'the queue reports an error'));
  return queue;
}
