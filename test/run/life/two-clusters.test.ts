import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run as propose } from '../../../jobs/propose.ts';
import { APP_TOKEN, startGitGitHub, type GitGitHub } from '../../../lab/git-github/server.ts';
import { CACHE_VARIABLES, SHOP_VARIABLES, twoClusters } from '../../../lab/two-clusters.ts';
import { gitHub } from '../../../src/adapters/github/github.ts';
import { connectQueue } from '../../../src/adapters/queue/connection.ts';
import { redisStore } from '../../../src/adapters/store/store.ts';
import { asRedisopsError, RedisopsError } from '../../../src/domain/error.ts';
import type { RunRecord } from '../../../src/domain/run/run.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { planPullRequest } from '../../../src/run/pull-requests/plan-pull-request.ts';
import { lookForChanges } from '../../../src/run/branch/look-for-changes.ts';
import { recoverRuns } from '../../../src/run/life/recover.ts';
import { sourceOf } from '../../../src/run/life/source-of.ts';
import { ownRedis } from '../../adapters/own-redis.ts';
import { quietLog } from '../../adapters/quiet-log.ts';
import { deliverAll, NOW, portsOf } from '../../ports.ts';
import type { Store } from '../../../src/ports/store.ts';
import { realClock } from '../../../src/time/real-clock.ts';

// Git is a process for each thing that is asked of it.

type Cluster = 'shop' | 'cache';
const FILES = { shop: SHOP_VARIABLES, cache: CACHE_VARIABLES };
const RULES = { shop: ['channel: C0SHOP'], cache: ['channel: C0CACHE'] };
const REPOSITORY = twoClusters({ password: 'canary', rules: RULES });
const touching = (clusters: readonly Cluster[], value: number) =>
  Object.fromEntries(clusters.map((each) => [FILES[each], `${REPOSITORY[FILES[each]]}redis_maxmemory: ${value}mb\n`]));

let github: GitGitHub;
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

beforeEach(begin);

async function begin(): Promise<void> {
  await redis.flushall();
  github = await startGitGitHub();
  github.people.push('main', REPOSITORY, 'Ours');
}

afterEach(end);

async function end(): Promise<void> {
  await github.close();
  const mistakes = [...github.mistakes, ...github.webhooks.mistakes];
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
}

/** A bot that keeps what it knows in a real Redis. No node answers. */
function botAt(change: Partial<Store> = {}) {
  const settings = {
    repository: github.repository,
    apiUrl: github.url,
    identity: { kind: 'token' as const, token: new Secret(APP_TOKEN) },
    backOffMs: 1,
  };
  const host = gitHub(settings);
  const { commits } = host;
  let now = NOW.getTime();
  const memory = portsOf({
    ports: { clock: { ...realClock, now: () => new Date((now += 1)), sleep: () => Promise.resolve() } },
  });
  const { outside } = memory;
  const store = { ...redisStore(redis, memory.log), ...change };
  const parts = {
    ...memory,
    store,
    ...host,
    gitHub: host,
    branch: 'main',
    source: async (revision: string | null) => commits.at(revision ?? (await commits.head('main'))),
  };
  const ports = { ...parts, courier: { hint: () => deliverAll(parts) } };
  return {
    ports,
    outside,
    look: lookForChanges(ports),
    runsOf: async (cluster: Cluster) => (await store.runs(cluster, 100)).toReversed(),
    jobsOf: (cluster: Cluster) => outside.jobs.filter(({ data }) => data.cluster === cluster),
    posted: () => outside.said.filter(({ how }) => how === 'post').map(({ where, report }) => [where, report?.title]),
  };
}

const mergeOf = (files: Readonly<Record<string, string | null>>): string =>
  github.people.merge(github.people.propose({ title: 'Change', files }));

describe('two clusters of one repository', () => {
  it('each get the merges that touch them', async () => {
    const { look, runsOf } = botAt();
    await look();
    const [both, shop, cache] = [['shop', 'cache'], ['shop'], ['cache']].map((clusters, at) =>
      mergeOf(touching(clusters as Cluster[], 100 + at)),
    );
    mergeOf({ 'README.md': '# Nothing of ours\n' });
    for (let times = 0; times < 2; times += 1) await look();
    expect((await runsOf('shop')).map(({ revision }) => revision)).toEqual([both, shop]);
    expect((await runsOf('cache')).map(({ revision }) => revision)).toEqual([both, cache]);
  });

  it('are each notified in their own channel, even of merges without a plan', async () => {
    const { ports, look, jobsOf, posted } = botAt();
    await look();
    await ports.store.lock('shop', { by: { from: 'slack', actor: 'U1' }, reason: 'disks', forMs: null });
    mergeOf(touching(['shop', 'cache'], 100));
    await look();
    for (const job of [...jobsOf('shop'), ...jobsOf('cache')])
      if (job.name === 'propose') await propose(job.data, ports);
    // The one waits for its lock; the nodes of the other do not answer.
    expect(posted()).toEqual([
      ['C0SHOP', 'shop: converge to Git'],
      ['C0CACHE', 'cache: converge to Git'],
    ]);
    const [waiting] = await ports.store.runs('shop', 1);
    expect([waiting?.status, waiting?.waits?.code]).toEqual(['queued', 'CLUSTER_LOCKED']);
    expect(await ports.store.runs('cache', 1)).toMatchObject([{ code: 'SSH_UNREACHABLE' }]);

    await ports.store.unlock('shop');
    await recoverRuns('cache', ports);
    expect(jobsOf('shop')).toHaveLength(1);
    await recoverRuns('shop', ports);
    expect(jobsOf('shop')).toHaveLength(2);
  });

  it('have a freeze and rules for pushes of their own', async () => {
    // NOW is noon of a Sunday.
    const frozen = ['freeze:', '  - { cron: "0 18 * * 5", minutes: 3600, reason: weekend }'];
    const rules = { shop: [...RULES.shop, ...frozen, 'direct_pushes: apply'], cache: RULES.cache };
    github.people.push('main', twoClusters({ password: 'canary', rules }), 'Rules');
    const { ports, outside, jobsOf, posted } = botAt();
    const time = { now: NOW.getTime() };
    const look = lookForChanges({ ...ports, clock: { ...realClock, now: () => new Date(time.now) } });
    await look();
    github.people.push('main', touching(['shop', 'cache'], 100), 'Quickly', 'mallory');
    await look();
    time.now += 30_000;
    await look();
    expect(await ports.store.runs('cache', 10)).toMatchObject([{ code: 'DIRECT_PUSH' }]);
    expect(posted()).toEqual([['C0CACHE', 'cache: mallory pushed without a pull request']]);
    for (const job of jobsOf('shop')) if (job.name === 'propose') await propose(job.data, ports);
    expect(await ports.store.runs('shop', 10)).toMatchObject([{ status: 'queued', waits: { code: 'FROZEN' } }]);
    expect(outside.jobs).toHaveLength(1);
  });

  it('one with a file that cannot be read does not keep the other from its merge', async () => {
    const { ports, look, jobsOf, runsOf } = botAt();
    await look();
    mergeOf({
      'shop/hosts.yml': 'x'.repeat(1024 * 1024 + 1),
      'shop/group_vars/more.yml': 'a: 1\n',
      ...touching(['cache'], 100),
    });
    await look();
    expect(await runsOf('cache')).toHaveLength(1);
    for (const job of jobsOf('shop')) if (job.name === 'propose') await propose(job.data, ports);
    expect((await runsOf('shop')).map(({ code }) => code)).toEqual(['CONFIG_INVALID']);
  });

  it('are both planned for a pull request, and a mistake of one says nothing of the other', async () => {
    const { ports } = botAt();
    const files = { ...touching(['cache'], 100), [SHOP_VARIABLES]: 'redis_maxmemroy: 1\n' };
    const number = github.people.propose({ title: 'Change', files });
    expect((await planPullRequest(number, null, ports)).looked).toBe('planned');
    const [comment] = [...github.world.comments.values()].map(({ body }) => body);
    expect(comment).toMatch(/shop[^]*redis_maxmemroy[^]*cache[^]*SSH_UNREACHABLE/);
    expect([...github.world.checks.values()]).toMatchObject([{ conclusion: 'failure', title: 'No plan for shop' }]);
  });
});

type Event =
  | { kind: 'merge'; touches: readonly Cluster[] }
  | { kind: 'look'; dies: number | null }
  | { kind: 'work'; on: Cluster };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      touches: fc.subarray<Cluster>(['shop', 'cache']),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look' as const), dies: fc.option(fc.nat(4)) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('work' as const), on: fc.constantFrom<Cluster>('shop', 'cache') }),
  },
);

it(
  'whenever the bot dies: each merge is applied once or superseded on each cluster that it touches, in order, and on no other',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 12 }), async (events) => {
        await end();
        await begin();
        /** Calls of the store that a look may still make before it dies. */
        let left = Infinity;
        const kept = redisStore(redis, quietLog());
        const mortal =
          <Given extends unknown[], T>(call: (...given: Given) => Promise<T>) =>
          async (...given: Given): Promise<T> => {
            if ((left -= 1) < 0) throw new Error('killed');
            return call(...given);
          };
        const { ports, look, jobsOf, runsOf } = botAt({
          createRun: mortal((...given: Parameters<Store['createRun']>) => kept.createRun(...given)),
          markHandled: mortal((...given: Parameters<Store['markHandled']>) => kept.markHandled(...given)),
        });
        await look();
        const merges: Record<Cluster, string[]> = { shop: [], cache: [] };
        const applied: Record<Cluster, string[]> = { shop: [], cache: [] };
        const worked = new Set<string>();
        const work = async (on: Cluster): Promise<boolean> => {
          const job = jobsOf(on).find(({ id }) => !worked.has(id));
          if (!job) return false;
          worked.add(job.id);
          const record = await kept.run(job.data.run);
          if (!record) throw new Error('a job without a run');
          const source = await sourceOf(record, record.revision, ports).catch(asRedisopsError);
          const isDone = !(source instanceof RedisopsError);
          if (isDone) applied[on].push(source.revision);
          const at = NOW.toISOString();
          const code = isDone ? ('DONE' as const) : source.code;
          await kept.updateRun(record.run, { status: isDone ? 'done' : 'refused', code, finishedAt: at });
          return true;
        };
        let number = 0;
        for (const happens of events) {
          switch (happens.kind) {
            case 'merge': {
              number += 1;
              const { touches } = happens;
              const commit = mergeOf(
                touches.length === 0 ? { 'README.md': `# ${number}\n` } : touching(touches, number),
              );
              for (const cluster of touches) merges[cluster].push(commit);
              break;
            }
            case 'look':
              left = happens.dies ?? Infinity;
              await look().catch(() => undefined);
              left = Infinity;
              break;
            case 'work':
              await work(happens.on);
              break;
          }
        }
        await look();
        for (const on of ['shop', 'cache'] as const) {
          while (await work(on));
          const runs = await runsOf(on);
          expect(runs.map(({ revision }) => revision).toSorted()).toEqual(merges[on].toSorted());
          const codeOf = (commit: string) => runs.find(({ revision }: RunRecord) => revision === commit)?.code;
          for (const commit of merges[on]) expect(['DONE', 'SUPERSEDED']).toContain(codeOf(commit));
          const order = applied[on].map((commit) => merges[on].indexOf(commit));
          expect(order).toEqual([...new Set(order)].toSorted((a, b) => a - b));
          expect(applied[on].at(-1)).toBe(merges[on].at(-1));
        }
      }),
      { numRuns: 4 },
    );
  },
);
