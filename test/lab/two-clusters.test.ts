import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBot, type RunningBot } from '../../lab/bot.ts';
import { startGitStandIn, type GitStandIn } from '../../lab/git-github/stand-in.ts';
import { resetHosts } from '../../lab/hosts.ts';
import { twoClusters } from '../../lab/two-clusters.ts';
import { until } from '../../lab/until.ts';
import { createLog } from '../../src/adapters/log/log.ts';
import { redisStore } from '../../src/adapters/store/store.ts';
import { isFinal, type RunRecord } from '../../src/domain/run/run.ts';
import { textOf } from './bot-lab.ts';
import { infoField, PASSWORD, redisCli } from './lab-cluster.ts';
import { watchLog } from './pool/transcript.ts';
import type { Store } from '../../src/ports/store.ts';

/** The master does not wait for further replicas: else every synchronization takes 5 s. */
const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 0'];

function filesOf(shop: number, cache: number): Readonly<Record<string, string>> {
  return twoClusters({
    password: PASSWORD,
    shop: [`redis_maxmemory: ${shop}mb`, ...QUICK],
    cache: [`redis_maxmemory: ${cache}mb`],
  });
}

/** One story on two clusters of one repository: redis-01 and redis-02 are `shop`, redis-03 is `cache`. */
describe('two clusters of one repository, on real hosts', () => {
  let github: GitStandIn;
  let bot: RunningBot;
  let redis: Redis;
  let store: Store;
  /** What each merge was, in order. */
  const commits: string[] = [];

  beforeAll(async () => {
    await resetHosts();
    bot = await startBot(filesOf(64, 64), {
      github: async (options) => {
        github = await startGitStandIn({ ...options, app: true });
        return github;
      },
    });
    watchLog(bot.logFile);
    redis = new Redis({ path: join(bot.stateDirectory, 'queue', 'redis.sock') });
    store = redisStore(redis, createLog('silent'));
  });

  afterAll(async () => {
    redis.disconnect();
    await bot.stop();
    await rm(bot.stateDirectory, { recursive: true });
    const mistakes = [...github.git.mistakes, ...github.git.webhooks.mistakes];
    if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  });

  const propose = (shop: number, cache: number): number =>
    github.git.people.propose({ title: 'Change', files: filesOf(shop, cache) });
  const merge = (shop: number, cache: number): void => void commits.push(github.git.people.merge(propose(shop, cache)));
  /** Oldest first, once there are so many and all are over. */
  const ended = (cluster: string, count: number): Promise<readonly RunRecord[]> =>
    until(`${count} ends of ${cluster}`, 30, async () => {
      const runs = (await store.runs(cluster, 100)).toReversed();
      return runs.length >= count && runs.every(({ status }) => isFinal(status)) ? runs : null;
    });
  const told = (runs: readonly RunRecord[]) => runs.map(({ revision, code }) => [commits.indexOf(revision), code]);
  const ask = async (text: string): Promise<string> => {
    const { length } = bot.slack.whispers;
    await bot.slack.command('anna', text);
    return until(`the answer to ${text}`, 20, async () => {
      const found = bot.slack.whispers[length];
      return found ? textOf(found.message) : null;
    });
  };
  const maxmemory = (host: string) => redisCli(host, 'CONFIG', 'GET', 'maxmemory');

  it('a merge that touches both is applied to each, once', async () => {
    merge(100, 100);
    expect(told(await ended('shop', 1))).toEqual([[0, 'DONE']]);
    expect(told(await ended('cache', 1))).toEqual([[0, 'DONE']]);
    expect(await infoField('redis-01', 'connected_slaves')).toBe('1');
    expect(await infoField('redis-03', 'connected_slaves')).toBe('0');
    const environments = [...github.git.world.deployments.values()].map(({ environment }) => environment);
    expect(environments.toSorted()).toEqual(['cache', 'shop']);
  });

  it('merges in quick succession each reach the cluster that they touch, and no other', async () => {
    merge(101, 100);
    await ended('shop', 2);
    merge(101, 102);
    expect(told(await ended('cache', 2)).at(-1)).toEqual([2, 'DONE']);
    expect(told(await ended('shop', 2))).toEqual([
      [0, 'DONE'],
      [1, 'DONE'],
    ]);
    const found = await Promise.all(['redis-01', 'redis-02', 'redis-03'].map(maxmemory));
    expect(found).toEqual([101, 101, 102].map((value) => `maxmemory\n${value * 2 ** 20}`));
  });

  it('a pull request that touches both is planned for each', async () => {
    const number = propose(103, 103);
    const comment = await until('the plan', 20, async () => {
      const [body = ''] = await github.comments(number);
      return body.includes('digest') ? body : null;
    });
    expect(comment).toMatch(/shop[^]*redis-01[^]*cache[^]*redis-03/);
    github.git.people.close(number);
  });

  it('a lock holds up one cluster: the other applies the same merge, the first when it is unlocked', async () => {
    expect(await ask('lock disks --cluster shop')).toContain('shop');
    merge(104, 104);
    expect(told(await ended('cache', 3)).at(-1)).toEqual([3, 'DONE']);
    const waiting = await until('the run that waits', 10, async () => {
      const [newest] = await store.runs('shop', 1);
      return newest?.waits ? newest : null;
    });
    expect([waiting.revision, waiting.waits?.code]).toEqual([commits[3], 'CLUSTER_LOCKED']);
    expect(await maxmemory('redis-01')).toBe(`maxmemory\n${101 * 2 ** 20}`);
    await ask('unlock --cluster shop');
    expect(told(await ended('shop', 3)).at(-1)).toEqual([3, 'DONE']);
    expect(await maxmemory('redis-02')).toBe(`maxmemory\n${104 * 2 ** 20}`);
  });

  it('a cluster is found by its name; without one, the answer lists the clusters', async () => {
    expect(await ask('status cache')).toContain('cache: healthy');
    expect(await ask('status')).toContain('There are several clusters: shop, cache');
    expect(await ask('history')).toMatch(/shop[^]*cache/);
    expect(await ask('history cache')).not.toContain('shop');
  });
});
