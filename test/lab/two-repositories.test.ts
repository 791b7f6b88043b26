import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBot, type RunningBot } from '../../lab/bot.ts';
import { startFrontDoor } from '../../lab/git-github/front-door.ts';
import { APP_TOKEN, startGitGitHub, type GitGitHub } from '../../lab/git-github/server.ts';
import { resetHosts } from '../../lab/hosts.ts';
import { CACHE_VARIABLES, oneCluster, SHOP_VARIABLES } from '../../lab/two-clusters.ts';
import { until } from '../../lab/until.ts';
import { createLog } from '../../src/adapters/log/log.ts';
import { redisStore } from '../../src/adapters/store/store.ts';
import { isFinal, type RunRecord } from '../../src/domain/run/run.ts';
import { textOf } from './bot-lab.ts';
import { PASSWORD, redisCli } from './lab-cluster.ts';
import { watchLog } from './pool/transcript.ts';
import type { Store } from '../../src/ports/store.ts';

/** The master does not wait for further replicas: else every synchronization takes 5 s. */
const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 0'];

const filesOf = (cluster: 'shop' | 'cache', megabytes: number): Readonly<Record<string, string>> =>
  oneCluster(cluster, { password: PASSWORD, variables: [`redis_maxmemory: ${megabytes}mb`, ...QUICK] });

/** One story: acme/shop has redis-01 and redis-02, acme/web has redis-03. One bot, one address of GitHub. */
describe('two repositories of one bot, on real hosts', () => {
  let shop: GitGitHub;
  let web: GitGitHub;
  let bot: RunningBot;
  let redis: Redis;
  let store: Store;

  beforeAll(async () => {
    await resetHosts();
    bot = await startBot(filesOf('shop', 64), {
      async github({ port, host, webhookUrl }) {
        shop = await startGitGitHub({ name: 'shop', webhookUrl });
        web = await startGitGitHub({ name: 'web', webhookUrl });
        web.people.push('main', filesOf('cache', 64), 'The cache');
        const door = await startFrontDoor([shop, web], { port, host });
        return {
          url: door.url,
          repository: 'acme/shop, acme/web',
          botToken: APP_TOKEN,
          webhookSecret: shop.webhookSecret,
          commit: (files, message) => Promise.resolve(shop.people.push('main', files, message)),
          openPullRequest: () => Promise.reject(new Error('not here')),
          merge: () => Promise.reject(new Error('not here')),
          comments: () => Promise.reject(new Error('not here')),
          close: async () => {
            await door.close();
            await Promise.all([shop.close(), web.close()]);
          },
        };
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
    const mistakes = [shop, web].flatMap((each) => [...each.mistakes, ...each.webhooks.mistakes]);
    if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  });

  const merge = (github: GitGitHub, files: Readonly<Record<string, string>>): string =>
    github.people.merge(github.people.propose({ title: 'Change', files }));
  const ended = (cluster: string, count: number): Promise<readonly RunRecord[]> =>
    until(`${count} ends of ${cluster}`, 30, async () => {
      const runs = (await store.runs(cluster, 100)).toReversed();
      return runs.length >= count && runs.every(({ status }) => isFinal(status)) ? runs : null;
    });
  const told = (runs: readonly RunRecord[]) => runs.map(({ revision, code }) => [revision, code]);
  const ask = async (text: string): Promise<string> => {
    const { length } = bot.slack.whispers;
    await bot.slack.command('anna', text);
    return until(`the answer to ${text}`, 20, async () => {
      const found = bot.slack.whispers[length];
      return found ? textOf(found.message) : null;
    });
  };
  const commentsOf = (github: GitGitHub, issue: number): readonly string[] =>
    [...github.world.comments.values()].filter((each) => each.issue === issue).map(({ body }) => body);
  const maxmemory = (host: string) => redisCli(host, 'CONFIG', 'GET', 'maxmemory');

  it('each merge is applied from its own repository, and reported only there', async () => {
    const first = merge(shop, filesOf('shop', 100));
    const second = merge(web, filesOf('cache', 101));
    expect(told(await ended('shop', 1))).toEqual([[first, 'DONE']]);
    expect(told(await ended('cache', 1))).toEqual([[second, 'DONE']]);
    const found = await Promise.all(['redis-01', 'redis-02', 'redis-03'].map(maxmemory));
    expect(found).toEqual([100, 100, 101].map((value) => `maxmemory\n${value * 2 ** 20}`));
    for (const [github, environment, sha] of [
      [shop, 'shop', first],
      [web, 'cache', second],
    ] as const) {
      const comments = await until(`the outcome on #1 of ${github.repository}`, 10, async () => {
        const bodies = commentsOf(github, 1);
        return bodies.some((body) => body.includes('– done')) ? bodies : null;
      });
      expect(comments.join('\n')).toContain(`${environment}: `);
      const deployments = [...github.world.deployments.values()];
      expect(deployments.map((each) => [each.environment, each.sha])).toEqual([[environment, sha]]);
    }
  });

  it('pull requests of the same number get each its own plan', async () => {
    const numbers = [
      shop.people.propose({ title: 'More', files: { [SHOP_VARIABLES]: filesOf('shop', 110)[SHOP_VARIABLES] ?? '' } }),
      web.people.propose({ title: 'More', files: { [CACHE_VARIABLES]: filesOf('cache', 111)[CACHE_VARIABLES] ?? '' } }),
    ];
    expect(numbers).toEqual([2, 2]);
    for (const [github, host, value] of [
      [shop, 'redis-01', '110 MiB'],
      [web, 'redis-03', '111 MiB'],
    ] as const) {
      const [body] = await until(`the plan in ${github.repository}`, 20, async () => {
        const bodies = commentsOf(github, 2);
        return bodies.some((each) => each.includes('digest')) ? bodies : null;
      });
      expect(body).toContain(host);
      expect(body).toContain(value);
    }
  });

  it('a cluster is found by its name alone', async () => {
    expect(await ask('status cache')).toContain('cache: healthy');
    expect(await ask('plan --cluster shop')).toContain('shop');
    expect(await ask('status')).toContain('There are several clusters: shop, cache');
    expect(await ask('status cahe')).toContain('Did you mean cache?');
    expect(await ask('history')).toMatch(/shop[^]*cache|cache[^]*shop/);
    expect(await ask('set maxmemory 120mb --cluster cache')).toContain('pull request #3 sets maxmemory');
    expect([shop.world.pulls.size, web.world.pulls.size]).toEqual([2, 3]);
  });

  it('the other repository’s name is refused on the pull request and after the merge; the rest continues', async () => {
    const rules = `${filesOf('cache', 101)['redisops.yml']}  shop: {}\n`;
    const number = web.people.propose({ title: 'Ours too', files: { 'redisops.yml': rules } });
    const [refusal] = await until('the refusal', 20, async () => {
      const bodies = commentsOf(web, number);
      return bodies.some((body) => body.includes('CLUSTER_TAKEN')) ? bodies : null;
    });
    expect(refusal).toContain('names the cluster shop, which');
    web.people.merge(number);
    const runs = await ended('cache', 2);
    expect(runs.at(-1)?.code).toBe('NOTHING_TO_DO');
    await until('the word in the channel', 10, async () => {
      const roots = await bot.slack.roots();
      return roots.some((root) => textOf(root).includes('is not applied to shop')) ? true : null;
    });
    const next = merge(shop, filesOf('shop', 130));
    expect(told(await ended('shop', 2)).at(-1)).toEqual([next, 'DONE']);
    expect(await maxmemory('redis-02')).toBe(`maxmemory\n${130 * 2 ** 20}`);
    expect(await maxmemory('redis-03')).toBe(`maxmemory\n${101 * 2 ** 20}`);
  });
});
