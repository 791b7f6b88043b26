import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { BOT_TOKEN, startGitGitHub, type GitGitHub } from '../../../lab/git-github/server.ts';
import { CACHE_VARIABLES, oneCluster, SHOP_VARIABLES } from '../../../lab/two-clusters.ts';
import { gitHub } from '../../../src/adapters/github/github.ts';
import { connectQueue } from '../../../src/adapters/queue/connection.ts';
import { redisStore } from '../../../src/adapters/store/store.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { clusterDirectory } from '../../../src/run/repositories/cluster-directory.ts';
import { lookForChanges } from '../../../src/run/branch/look-for-changes.ts';
import { ownRedis } from '../../adapters/own-redis.ts';
import { quietLog } from '../../adapters/quiet-log.ts';
import { portsOf } from '../../ports.ts';

// Git is a process for each thing that is asked of it.

const filesOf = (cluster: 'shop' | 'cache', ...variables: string[]) =>
  oneCluster(cluster, { password: 'canary', variables });

let shop: GitGitHub;
let web: GitGitHub;
let server: Awaited<ReturnType<typeof ownRedis>>;
let redis: Redis;

beforeAll(async () => {
  server = await ownRedis();
  redis = connectQueue(server.address, quietLog());
});

afterAll(async () => {
  redis.disconnect();
  await server.end();
});

beforeEach(async () => {
  await redis.flushall();
  shop = await startGitGitHub({ name: 'shop' });
  web = await startGitGitHub({ name: 'web' });
  shop.people.push('main', filesOf('shop'), 'The shop');
  web.people.push('main', filesOf('cache'), 'The cache');
});

afterEach(async () => {
  await Promise.all([shop.close(), web.close()]);
  const mistakes = [...shop.mistakes, ...web.mistakes];
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
});

/** One bot of both, with all that it keeps in one real Redis. */
async function botAt() {
  const memory = portsOf();
  const store = redisStore(redis, memory.log);
  const repositories = [shop, web].map(({ repository, url }) => {
    const identity = { kind: 'token' as const, token: new Secret(BOT_TOKEN) };
    const host = gitHub({ repository, apiUrl: url, identity, backOffMs: 1 });
    const source = async (revision: string | null) => host.commits.at(revision ?? (await host.commits.head('main')));
    return { name: repository, gitHub: host, source };
  });
  const directory = clusterDirectory(repositories, { store, log: memory.log });
  await directory.begin();
  const looks = repositories.map((repository) =>
    lookForChanges({
      ...memory,
      ...repository,
      ...repository.gitHub,
      store,
      repository: repository.name,
      branch: 'main',
      takenBy: (cluster) => directory.takenFrom(repository.name, cluster),
    }),
  );
  const revisionsOf = async (cluster: string) => (await store.runs(cluster, 100)).map(({ revision }) => revision);
  const told = () => memory.outside.said.map(({ report }) => `${report?.title} ${report?.summary}`);
  const look = async (): Promise<void> => {
    for (const each of looks) await each();
  };
  return { store, looks, look, revisionsOf, told };
}

const mergeOf = (github: GitGitHub, files: Readonly<Record<string, string>>): string =>
  github.people.merge(github.people.propose({ title: 'Change', files }));
const shopWith = (value: number) => ({
  [SHOP_VARIABLES]: filesOf('shop', `redis_maxmemory: ${value}mb`)[SHOP_VARIABLES] ?? '',
});
const cacheWith = (value: number) => ({
  [CACHE_VARIABLES]: filesOf('cache', `redis_maxmemory: ${value}mb`)[CACHE_VARIABLES] ?? '',
});

it('branches of the same name are settled each for itself', async () => {
  const { look, revisionsOf, store } = await botAt();
  await look();
  const first = mergeOf(shop, shopWith(1));
  const second = mergeOf(web, cacheWith(2));
  for (let times = 0; times < 3; times += 1) await look();
  expect(await revisionsOf('shop')).toEqual([first]);
  expect(await revisionsOf('cache')).toEqual([second]);
  expect([await store.lastHandledCommit('acme/shop:main'), await store.lastHandledCommit('acme/web:main')]).toEqual([
    first,
    second,
  ]);
});

it('while GitHub refuses one of them, the other continues; afterwards nothing is missing', async () => {
  const { looks, revisionsOf } = await botAt();
  for (const look of looks) await look();
  const first = mergeOf(shop, shopWith(1));
  const second = mergeOf(web, cacheWith(2));
  shop.trouble(() => ({ status: 429 }));
  const outcomes = await Promise.allSettled(looks.map((look) => look()));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect([await revisionsOf('shop'), await revisionsOf('cache')]).toEqual([[], [second]]);
  shop.trouble(null);
  for (const look of looks) await look();
  expect(await revisionsOf('shop')).toEqual([first]);
});

it('a merge that adds the other’s cluster is reported, not applied; its own cluster is served', async () => {
  const { look, revisionsOf, told } = await botAt();
  await look();
  const rules = `${filesOf('cache')['redisops.yml']}  shop: {}\n`;
  const commit = mergeOf(web, { 'redisops.yml': rules });
  await look();
  await look();
  expect([await revisionsOf('shop'), await revisionsOf('cache')]).toEqual([[], [commit]]);
  expect(told()).toEqual([
    expect.stringMatching(/^The merge of #1 is not applied to shop .*acme\/web .*belongs to acme\/shop/),
  ]);
  const next = mergeOf(shop, shopWith(3));
  await look();
  expect(await revisionsOf('shop')).toEqual([next]);
});

it('a cluster moves from one to the other, and is served from there', async () => {
  shop.people.push('main', { 'redisops.yml': 'clusters: {shop: {}, other: {}}\n' }, 'Two');
  const { look, revisionsOf, told } = await botAt();
  await look();
  mergeOf(shop, { 'redisops.yml': 'clusters: {other: {}}\n' });
  await look();
  const commit = mergeOf(web, { 'redisops.yml': 'clusters: {cache: {}, shop: {}}\n' });
  await look();
  expect([await revisionsOf('shop'), told()]).toEqual([[commit], []]);
});
