import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { connectQueue } from '../../../src/adapters/queue/connection.ts';
import type { RawJob } from '../../../src/adapters/queue/names.ts';
import { runQueue, type RunQueue } from '../../../src/adapters/queue/queue.ts';
import { asRedisopsError, type RedisopsError } from '../../../src/domain/error.ts';
import { startChild } from '../child.ts';
import { ownRedis } from '../own-redis.ts';
import { queuedJobs } from '../queued-jobs.ts';
import { quietLog } from '../quiet-log.ts';
import { eventually } from '../../eventually.ts';
import type { QueuedJob } from '../../../src/domain/run/job.ts';

let server: Awaited<ReturnType<typeof ownRedis>>;
let redis: Redis;
const queues: RunQueue[] = [];

beforeAll(async () => {
  server = await ownRedis();
  redis = connectQueue(server.address, quietLog());
});

afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.close()));
});

afterAll(async () => {
  redis.disconnect();
  await server.end();
});

function open(): RunQueue {
  const queue = runQueue(server.address, quietLog());
  queues.push(queue);
  return queue;
}

function job(cluster: string, run: string): QueuedJob {
  return { name: 'execute', id: `execute-${run}`, data: { run, cluster } };
}

/** A worker in a separate process takes the job, and is killed with it. */
async function dieWith(id: string, cluster: string): Promise<void> {
  const path = server.address.kind === 'socket' ? server.address.path : '';
  const child = await startChild('worker-child.ts', [path, cluster]);
  expect(child.said).toBe(`took ${id}\n`);
  await child.kill();
}

/** A list that can be awaited. */
function record<T>() {
  const items: T[] = [];
  return {
    items,
    add: (item: T) => void items.push(item),
    async reach(count: number) {
      await eventually(() => expect(items.length).toBeGreaterThanOrEqual(count));
      return [...items];
    },
  };
}

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const fast = { lockMs: 600, checkMs: 300 };

describe('enqueue', () => {
  it('makes one job of the same id, also after it ended', async () => {
    const queue = open();
    const done = record<string>();
    await Promise.all([1, 2, 3].map(() => queue.enqueue(job('same', 'r1'))));
    expect(await queuedJobs(redis, 'same')).toBe(1);

    await queue.startWorker('same', async ({ id }) => done.add(id), fast);
    await done.reach(1);
    await queue.enqueue(job('same', 'r1'));
    await queue.enqueue(job('same', 'r2'));
    expect(await done.reach(2)).toEqual(['execute-r1', 'execute-r2']);
  });

  it('accepts names with any characters', async () => {
    const queue = open();
    const done = record<QueuedJob>();
    const odd = job('a:b/c d', 'merge:x:y');
    await queue.startWorker('a:b/c d', async (taken) => done.add(taken), fast);
    await queue.enqueue(odd);
    expect(await done.reach(1)).toEqual([odd]);
  });

  it('fails with QUEUE_FAILED when Redis is not there', async () => {
    const queue = runQueue({ kind: 'socket', path: '/nonexistent/redis.sock' }, quietLog(), { timeoutMs: 200 });
    await expect(queue.enqueue(job('redis', 'r1'))).rejects.toMatchObject({ code: 'QUEUE_FAILED' });
    await queue.close();
  });
});

describe('workers', () => {
  it('run one job at a time for a cluster, however many there are', async () => {
    const done = record<string>();
    let running = 0;
    let most = 0;
    const work = async ({ id }: QueuedJob) => {
      running += 1;
      most = Math.max(most, running);
      // A round trip: long enough for another job to begin, if it could.
      await open().jobState(job('single', 'another'));
      running -= 1;
      done.add(id);
    };
    for (const each of [1, 2, 3].map(() => open())) await each.startWorker('single', work, fast);
    const queue = open();
    for (let run = 0; run < 10; run += 1) await queue.enqueue(job('single', `r${run}`));
    await done.reach(10);
    expect(most).toBe(1);
    expect(new Set(done.items).size).toBe(10);
  });

  it('of two clusters do not wait for each other', async () => {
    const queue = open();
    const release = gate();
    const done = record<string>();
    const began = record<string>();
    const work = async ({ id, data }: QueuedJob) => {
      began.add(id);
      if (data.cluster === 'east') await release.opened;
      done.add(id);
    };
    await queue.startWorker('east', work, fast);
    await queue.startWorker('west', work, fast);
    await queue.enqueue(job('east', 'e1'));
    await began.reach(1);
    await queue.enqueue(job('west', 'w1'));
    expect(await done.reach(1)).toEqual(['execute-w1']);
    release.open();
    expect(await done.reach(2)).toEqual(['execute-w1', 'execute-e1']);
  });

  it('do not try again what threw, and go on with the next', async () => {
    const queue = open();
    const taken = record<string>();
    const failed = record<{ job: RawJob; error: RedisopsError }>();
    const work = async ({ id }: QueuedJob) => {
      taken.add(id);
      if (id === 'execute-bad') throw new Error('redis://u:hunter2@host is gone');
    };
    await queue.startWorker('throwing', work, { ...fast, failed: (job, error) => failed.add({ job, error }) });
    await queue.enqueue(job('throwing', 'bad'));
    await queue.enqueue(job('throwing', 'good'));
    expect(await taken.reach(2)).toEqual(['execute-bad', 'execute-good']);
    const [first] = await failed.reach(1);
    expect(first).toMatchObject({ job: { id: 'execute-bad', name: 'execute' }, error: { code: 'INTERNAL' } });
    expect(first?.error.message).not.toContain('hunter2');
  });

  it('refuse a payload that is not one', async () => {
    const queue = open();
    const failed = record<string>();
    const taken = record<string>();
    await queue.startWorker('hostile', async ({ id }) => taken.add(id), {
      ...fast,
      failed: ({ id }) => failed.add(id),
    });
    const { data } = job('hostile', 'r1');
    // As from another version.
    await queue.enqueue(Object.assign(job('hostile', 'r1'), { id: 'p1', name: 'repropose' }));
    await queue.enqueue(Object.assign(job('hostile', 'r2'), { data: { ...data, run: 2 } }));
    expect(await failed.reach(2)).toEqual(['p1', 'execute-r2']);
    expect(taken.items).toEqual([]);
  });

  it('take over the job of a killed one', async () => {
    const cluster = 'killed';
    const queue = open();
    await queue.enqueue(job(cluster, 'r1'));
    await dieWith('execute-r1', cluster);

    const done = record<string>();
    await open().startWorker(cluster, async ({ id }) => done.add(id), fast);
    expect(await done.reach(1)).toEqual(['execute-r1']);
    await queue.enqueue(job(cluster, 'r2'));
    expect(await done.reach(2)).toEqual(['execute-r1', 'execute-r2']);
  }, 20_000);

  it('give up on a job that kills them, and report it', async () => {
    await open().enqueue(job('deadly', 'r1'));
    await dieWith('execute-r1', 'deadly');
    const failed = record<string>();
    const taken = record<string>();
    const options = { ...fast, deaths: 0, failed: ({ id }: RawJob) => failed.add(id) };
    await open().startWorker('deadly', async ({ id }) => taken.add(id), options);
    expect(await failed.reach(1)).toEqual(['execute-r1']);
    expect(taken.items).toEqual([]);
  }, 20_000);

  it('finish the running job before they close, and take no other', async () => {
    const queue = open();
    const began = record<string>();
    const release = gate();
    const done = record<string>();
    const worker = await queue.startWorker(
      'closing',
      async ({ id }) => {
        began.add(id);
        await release.opened;
        done.add(id);
      },
      fast,
    );
    await queue.enqueue(job('closing', 'r1'));
    await queue.enqueue(job('closing', 'r2'));
    await began.reach(1);
    const closed = worker.close(10_000).then(() => done.add('closed'));
    release.open();
    await closed;
    expect(done.items).toEqual(['execute-r1', 'closed']);
    expect(await queuedJobs(redis, 'closing')).toBe(1);
  });

  it('stop a job that does not end in time', async () => {
    const queue = open();
    const began = record<string>();
    const stopped = record<string>();
    const worker = await queue.startWorker(
      'stopping',
      async ({ id }, stop) => {
        began.add(id);
        await new Promise((resolve) => stop.addEventListener('abort', resolve));
        stopped.add(`${id}: ${asRedisopsError(stop.reason).code}`);
      },
      fast,
    );
    await queue.enqueue(job('stopping', 'r1'));
    await began.reach(1);
    await worker.close(100);
    expect(stopped.items).toEqual(['execute-r1: WORKER_ENDED']);
  });
});
