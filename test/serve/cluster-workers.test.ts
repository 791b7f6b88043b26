import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { runQueue, type RunQueue } from '../../src/adapters/queue/queue.ts';
import { RedisopsError } from '../../src/domain/error.ts';
import { clusterDirectory } from '../../src/run/repositories/cluster-directory.ts';
import { clusterWorkers, type ClusterWorkers } from '../../src/serve/cluster-workers.ts';
import { ownRedis } from '../adapters/own-redis.ts';
import { quietLog } from '../adapters/quiet-log.ts';
import { portsOf } from '../ports.ts';
import { eventually } from '../eventually.ts';
import type { QueuedJob } from '../../src/domain/run/job.ts';

let server: Awaited<ReturnType<typeof ownRedis>>;
let queue: RunQueue;
let workers: ClusterWorkers;

beforeAll(async () => {
  server = await ownRedis();
});

afterEach(async () => {
  await workers.close(0);
  await queue.close();
});

afterAll(async () => server.end());

/** A repository whose redisops.yml is changed; its revision is the file’s text. */
function repository(...clusters: readonly string[]) {
  const state = { clusters, reads: 0, fails: false };
  const source = async () => {
    if (state.fails) throw new RedisopsError('GITHUB_FAILED', 'GitHub is away', { hint: 'wait' });
    return {
      revision: state.clusters.join(' '),
      read: async () => {
        state.reads += 1;
        return `clusters: {${state.clusters.map((name) => `${name}: {}`).join(', ')}}\n`;
      },
      list: async () => [],
    };
  };
  return { state, source };
}

function begin({ source }: ReturnType<typeof repository>) {
  const log = quietLog();
  const done: string[] = [];
  queue = runQueue(server.address, quietLog());
  const { store } = portsOf();
  const directory = clusterDirectory([{ name: 'acme/infra', gitHub: null, source }], { store, log });
  workers = clusterWorkers(
    () => directory.clusters(),
    (cluster) => queue.startWorker(cluster, async ({ id }) => void done.push(`${cluster} ${id}`)),
    log,
  );
  return { log, done };
}

const job = (cluster: string, run: string): QueuedJob => ({
  name: 'execute',
  id: `execute-${run}`,
  data: { run, cluster },
});

it('processes the jobs of a newly merged cluster without a restart', async () => {
  const git = repository('shop');
  const { done } = begin(git);
  await workers.startMissing();
  await queue.enqueue(job('cache', 'r-1'));
  await queue.enqueue(job('shop', 'r-2'));
  await eventually(() => expect(done).toEqual(['shop execute-r-2']));
  git.state.clusters = ['shop', 'cache'];
  await workers.startMissing();
  await eventually(() => expect(done).toContain('cache execute-r-1'));
  expect(workers.clusters()).toEqual(['shop', 'cache']);
});

it('keeps the worker of a cluster that is gone, and reads an unchanged branch no second time', async () => {
  const git = repository('shop', 'cache');
  begin(git);
  await workers.startMissing();
  git.state.clusters = ['cache'];
  for (let times = 0; times < 5; times += 1) await workers.startMissing();
  expect(workers.clusters()).toEqual(['shop', 'cache']);
  expect(git.state.reads).toBe(2);
});

it('fails at the start if the clusters cannot be read; later continues with the known ones, and logs that once', async () => {
  const git = repository('shop');
  const { log } = begin(git);
  git.state.fails = true;
  await expect(workers.startMissing()).rejects.toMatchObject({ code: 'GITHUB_FAILED' });
  git.state.fails = false;
  await workers.startMissing();
  git.state.fails = true;
  for (let times = 0; times < 3; times += 1) await workers.startMissing();
  expect(workers.clusters()).toEqual(['shop']);
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
});
