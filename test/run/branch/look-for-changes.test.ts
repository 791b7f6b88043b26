import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GROUP_VARIABLES, exampleRepository } from '../../../lab/example-repository.ts';
import { BOT_TOKEN, startGitGitHub, type GitGitHub } from '../../../lab/git-github/server.ts';
import type { Delivery } from '../../../lab/git-github/webhooks.ts';
import { githubWebhook } from '../../../src/adapters/github/webhook.ts';
import { gitHub } from '../../../src/adapters/github/github.ts';
import { RedisopsError, asRedisopsError } from '../../../src/domain/error.ts';
import type { RunRecord } from '../../../src/domain/run/run.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { AnnouncedMerges } from '../../../src/run/branch/announced-merges.ts';
import { lookForChanges } from '../../../src/run/branch/look-for-changes.ts';
import { sourceOf } from '../../../src/run/life/source-of.ts';
import { NOW, portsOf, type Given } from '../../ports.ts';
import { realClock } from '../../../src/time/real-clock.ts';

// Git is a process for each thing that is asked of it.

const FILES = exampleRepository({ password: 'canary', replication: true });
let github: GitGitHub;

beforeEach(async () => {
  github = await startGitGitHub();
  github.webhooks.hold(true);
});

afterEach(async () => {
  await github.close();
  const mistakes = [...github.mistakes, ...github.webhooks.mistakes];
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
});

/** The bot, as far as the branch is concerned, at GitHub backed by Git. */
function botAt(given: Given = {}) {
  const { commits } = gitHub({
    repository: github.repository,
    apiUrl: github.url,
    identity: { kind: 'token', token: new Secret(BOT_TOKEN) },
    backOffMs: 1,
  });
  const time = { now: NOW.getTime() };
  const ports = {
    ...portsOf(given),
    clock: { ...realClock, now: () => new Date(time.now) },
    commits,
    branch: 'main',
    source: async (revision: string | null) => commits.at(revision ?? (await commits.head('main'))),
  };
  const { outside } = ports;
  const told = new AnnouncedMerges();
  const look = lookForChanges(ports, told);
  const door = githubWebhook({
    secret: new Secret(github.webhookSecret),
    repositories: [
      {
        repository: github.repository,
        branch: 'main',
        onPullRequest: () => {},
        onMergeGroup: () => {},
        onBranch(merge) {
          hints += 1;
          if (merge) told.keep(merge);
        },
      },
    ],
  });
  let hints = 0;
  return {
    ports,
    outside,
    look,
    /** Long enough for GitHub to know by which pull request a commit came. */
    lookLater: async () => {
      await look();
      time.now += 30_000;
      return look();
    },
    /** And looks, where that is a reason to. */
    hear: async ({ guid, event, payload }: Delivery) => {
      const rawBody = Buffer.from(JSON.stringify(payload));
      const signature = createHmac('sha256', github.webhookSecret).update(rawBody).digest('hex');
      const headers = {
        'content-type': 'application/json',
        'x-github-event': event,
        'x-github-delivery': guid,
        'x-hub-signature-256': `sha256=${signature}`,
      };
      hints = 0;
      await door({ headers, rawBody });
      if (hints > 0) await look();
    },
    /** A worker takes the next job, as far as to whether its commit counts. */
    work: async (): Promise<boolean> => {
      const job = outside.jobs.find(({ id }) => !worked.has(id));
      if (!job) return false;
      worked.add(job.id);
      const record = outside.runs.get(job.data.run);
      if (!record) throw new Error('a job without a run');
      const source = await sourceOf(record, record.revision, ports).catch(asRedisopsError);
      const applied = !(source instanceof RedisopsError);
      if (applied) appliedCommits.push(source.revision);
      const status = applied ? 'done' : 'refused';
      outside.runs.set(record.run, { ...record, status, code: applied ? 'DONE' : source.code });
      return true;
    },
    appliedCommits,
  };
}
let worked = new Set<string>();
let appliedCommits: string[] = [];
beforeEach(() => {
  worked = new Set();
  appliedCommits = [];
});

const touching = (value: number) => ({
  [GROUP_VARIABLES]: `${FILES[GROUP_VARIABLES]}redis_maxmemory: ${value}mb\n`,
});

function mergeOf(number: number, method: 'merge' | 'squash' | 'rebase' = 'merge'): string {
  const files = touching(100 + number);
  return github.people.merge(github.people.propose({ title: `Change ${number}`, files }), method);
}

describe('the branch is the truth', () => {
  it('starts at the current head: earlier commits are not applied', async () => {
    const { look, outside } = botAt();
    github.people.push('main', FILES, 'The servers');
    await look();
    expect(outside.handled.get('acme/infra:main')).toBe(github.head());
    expect(outside.jobs).toEqual([]);
  });

  it('applies a merge without a webhook, once', async () => {
    const { look, outside } = botAt();
    github.people.push('main', FILES, 'The servers');
    await look();
    const base = github.head();
    const commit = mergeOf(1);
    for (let times = 0; times < 3; times += 1) await look();
    expect([...outside.runs.values()]).toMatchObject([
      {
        run: `merge-redis-${commit.slice(0, 12)}`,
        revision: commit,
        base,
        origin: { from: 'github', actor: 'alice', pullRequest: 1 },
      },
    ]);
    expect(outside.jobs).toHaveLength(1);
    expect(outside.handled.get('acme/infra:main')).toBe(commit);
  });

  it('only asks GitHub whether the branch has changed, which costs nothing', async () => {
    const { look } = botAt();
    github.people.push('main', FILES, 'The servers');
    await look();
    await look();
    const { length } = github.requests;
    const { remaining } = github.rateLimit;
    for (let times = 0; times < 5; times += 1) await look();
    expect(github.requests.slice(length).map(({ status }) => status)).toEqual([304, 304, 304, 304, 304]);
    expect(github.rateLimit.remaining).toBe(remaining);
  });

  it('does not apply a push without a pull request, unless redisops.yml allows it', async () => {
    for (const [pushes, codes, told] of [
      ['tell', ['DIRECT_PUSH'], 1],
      ['ignore', ['DIRECT_PUSH'], 0],
      ['apply', [null], 0],
    ] as const) {
      const { look, lookLater, outside } = botAt();
      github.people.push(
        'main',
        { ...FILES, 'redisops.yml': `clusters: {redis: {direct_pushes: ${pushes}}}\n` },
        'Rules',
      );
      await look();
      github.people.push('main', touching(pushes.length), 'Quickly', 'mallory');
      expect(await look()).toBe(true);
      expect(outside.runs.size).toBe(0);
      expect(await lookLater()).toBe(false);
      await lookLater();
      expect([...outside.runs.values()].map(({ code }) => code)).toEqual(codes);
      expect(outside.said.filter(({ how }) => how === 'post')).toHaveLength(told);
      expect(outside.jobs).toHaveLength(pushes === 'apply' ? 1 : 0);
    }
  });

  it('does not apply a push that allows itself', async () => {
    const { look, lookLater, outside } = botAt();
    github.people.push('main', FILES, 'The servers');
    await look();
    const rules = { 'redisops.yml': 'clusters: {redis: {direct_pushes: apply}}\n' };
    github.people.push('main', { ...touching(7), ...rules }, 'Quickly', 'mallory');
    await look();
    await lookLater();
    expect([...outside.runs.values()].map(({ code }) => code)).toEqual(['DIRECT_PUSH']);
    expect(outside.jobs).toEqual([]);
  });

  it('waits for GitHub to know of the pull request; a webhook that knows it is believed before', async () => {
    const { look, lookLater, hear, outside } = botAt();
    github.people.push('main', FILES, 'The servers');
    await look();
    const commit = mergeOf(1);
    github.trouble((_, path) =>
      path.endsWith('/pulls') && path.includes('/commits/') ? { status: 200, body: [] } : null,
    );
    await look();
    expect(outside.runs.size).toBe(0);
    const merged = github.webhooks.deliveries.findLast(({ event: name }) => name === 'pull_request');
    if (merged) await hear(merged);
    expect(outside.jobs).toMatchObject([{ data: { run: `merge-redis-${commit.slice(0, 12)}` } }]);
    mergeOf(2);
    await lookLater();
    expect([...outside.runs.values()].map(({ code }) => code)).toEqual([null, 'DIRECT_PUSH']);
  });

  it('reports a rewritten branch, applies nothing of it, and continues from there', async () => {
    const { look, outside } = botAt();
    github.people.push('main', FILES, 'The servers');
    const before = github.head();
    mergeOf(1);
    await look();
    github.people.forcePush('main', before);
    github.people.push('main', touching(7), 'Another history');
    await look();
    await look();
    expect(outside.said.map(({ report }) => report?.title)).toEqual(['The branch main was rewritten']);
    expect(outside.jobs).toEqual([]);
    mergeOf(2);
    await look();
    expect(outside.jobs).toHaveLength(1);
  });

  it('does not stop at a configuration that cannot be read: the merge that mends it brings it', async () => {
    const { look, outside } = botAt();
    github.people.push('main', FILES, 'The servers');
    await look();
    const bad = { 'redisops.yml': 'clusters: {redis: {chanel: C1}}\n' };
    github.people.merge(github.people.propose({ title: 'Bad', files: bad }));
    await look();
    expect(outside.said.map(({ report }) => report?.title)).toEqual(['The merge of #1 cannot be applied']);
    github.people.merge(github.people.propose({ title: 'Good', files: { 'redisops.yml': null } }));
    await look();
    expect(outside.jobs).toHaveLength(1);
  });

  it.each([401, 403, 404, 429, 502])(
    'settles nothing while GitHub answers %i, and all of it afterwards',
    async (status) => {
      const { look, outside } = botAt();
      github.people.push('main', FILES, 'The servers');
      await look();
      mergeOf(1);
      github.trouble(() => ({ status }));
      await expect(look()).rejects.toMatchObject({ code: 'GITHUB_FAILED' });
      expect(outside.jobs).toEqual([]);
      github.trouble(null);
      await look();
      expect(outside.jobs).toHaveLength(1);
    },
  );
});

type Event =
  | { kind: 'merge'; touches: boolean; method: 'merge' | 'squash' | 'rebase' }
  /** Of all deliveries so far, this one comes now: late, again, or out of order. */
  | { kind: 'webhook'; which: number }
  | { kind: 'look'; dies: boolean }
  | { kind: 'work' };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      touches: fc.boolean(),
      method: fc.constantFrom('merge', 'squash', 'rebase'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('webhook' as const), which: fc.nat(1000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look' as const), dies: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('work' as const) }) },
);

it(
  'whatever happens to webhooks: each merge of a managed file is applied once or superseded, in the branch’s order',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 14 }), async (events) => {
        await github.close();
        github = await startGitGitHub();
        github.webhooks.hold(true);
        worked = new Set();
        appliedCommits = [];
        github.people.push('main', FILES, 'The servers');
        let dying = false;
        const bot = botAt({
          store: {
            markHandled: async (branch, from, to) => {
              if (dying) throw new Error('killed');
              if ((bot.outside.handled.get(branch) ?? null) !== from) return false;
              bot.outside.handled.set(branch, to);
              return true;
            },
          },
        });
        await bot.look();
        const merges: string[] = [];
        let number = 0;
        for (const happens of events) {
          switch (happens.kind) {
            case 'merge': {
              number += 1;
              const files = happens.touches ? touching(100 + number) : { 'README.md': `# ${number}\n` };
              const commit = github.people.merge(
                github.people.propose({ title: `Change ${number}`, files }),
                happens.method,
              );
              if (happens.touches) merges.push(commit);
              break;
            }
            case 'webhook': {
              const { deliveries } = github.webhooks;
              const delivery = deliveries[happens.which % Math.max(1, deliveries.length)];
              if (delivery) await bot.hear(delivery);
              break;
            }
            case 'look':
              dying = happens.dies;
              await bot.look().catch(() => undefined);
              dying = false;
              break;
            case 'work':
              await bot.work();
              break;
          }
        }
        await bot.lookLater();
        while (await bot.work());

        const runs = [...bot.outside.runs.values()];
        expect(new Set(runs.map(({ revision }) => revision))).toEqual(new Set(merges));
        expect(runs).toHaveLength(merges.length);
        const codeOf = (commit: string | undefined) =>
          runs.find(({ revision }: RunRecord) => revision === commit)?.code;
        for (const commit of merges) expect(['DONE', 'SUPERSEDED']).toContain(codeOf(commit));
        if (merges.length > 0) expect(codeOf(merges.at(-1))).toBe('DONE');
        const order = bot.appliedCommits.map((commit) => merges.indexOf(commit));
        expect(order).toEqual(order.toSorted((a, b) => a - b));
        expect(new Set(order).size).toBe(order.length);
      }),
      { numRuns: 8 },
    );
  },
);
