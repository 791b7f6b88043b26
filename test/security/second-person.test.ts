import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APP_TOKEN, BOT_TOKEN, startGitGitHub, type GitGitHub } from '../../lab/git-github/server.ts';
import { exampleRepository, GROUP_VARIABLES } from '../../lab/example-repository.ts';
import { gitHub } from '../../src/adapters/github/github.ts';
import { answerClick } from '../../src/chat/answer-click.ts';
import { newRun } from '../../src/domain/run/new-run.ts';
import type { RunRecord } from '../../src/domain/run/run.ts';
import { Secret } from '../../src/domain/secret.ts';
import { lookForChanges } from '../../src/run/branch/look-for-changes.ts';
import { planPullRequest } from '../../src/run/pull-requests/plan-pull-request.ts';
import { awaitedReader, openedFor } from '../../src/run/pull-requests/second-reader.ts';
import { participantsOf } from '../../src/run/life/participants.ts';
import { approval, plan } from '../report/fixtures.ts';
import { CHANNEL, NOW, portsOf } from '../ports.ts';

const PEOPLE = 'people: {ada: U0ADA, ben: U0BEN, carl: U0CARL}\n';
const FILES = exampleRepository({ password: 'canary', replication: true });
const USERS = ['U0ADA', 'U0BEN', 'U0CARL', 'U0DORA'];

let github: GitGitHub;
let memory = 100;

beforeEach(async () => {
  github = await startGitGitHub();
  github.people.push('main', { ...FILES, 'redisops.yml': PEOPLE }, 'Ours', 'ada');
});

afterEach(async () => {
  await github.close();
  const mistakes = [...github.mistakes, ...github.webhooks.mistakes];
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
});

/** A change of the cluster that no other change conflicts with. */
const change = (): Record<string, string> => ({
  [GROUP_VARIABLES]: `${FILES[GROUP_VARIABLES]}redis_maxmemory: ${(memory += 1)}mb\n`,
});
const other = (): Record<string, string> => ({
  'ansible/host_vars/redis-01.yml': `redis_maxmemory: ${(memory += 1)}mb\n`,
});

type Bot = Awaited<ReturnType<typeof bot>>;

/** The bot after its first look at the branch. */
async function bot({ token = APP_TOKEN } = {}) {
  const host = gitHub({
    repository: github.repository,
    apiUrl: github.url,
    identity: { kind: 'token', token: new Secret(token) },
    backOffMs: 1,
  });
  let now = NOW.getTime();
  const ports = portsOf({
    ports: {
      gitHub: host,
      source: async (revision) => host.commits.at(revision ?? (await host.commits.head('main'))),
      clock: { ...portsOf().clock, now: () => new Date((now += 1000)) },
    },
  });
  const branch = { ...ports, ...host, branch: 'main' };
  const look = lookForChanges(branch);
  await look();
  return { ports, host, look };
}

/** The run that the newest change on the branch became. */
async function newest({ ports, look }: Bot): Promise<RunRecord> {
  await look();
  const [run] = await ports.store.runs('redis', 1);
  if (!run) throw new Error('no run');
  return run;
}

/** Who may approve the run: the code that each person gets, null for an approval. */
async function clicks(run: RunRecord, { ports }: Bot): Promise<Record<string, string | null>> {
  const revision = run.revision === '' ? github.head() : run.revision;
  const participants = await participantsOf(run, revision, ports);
  const answers: Record<string, string | null> = {};
  for (const user of USERS) {
    const id = `${run.run}-${user}`;
    ports.outside.runs.set(id, { ...run, run: id, status: 'awaiting-approval', finishedAt: null });
    await ports.store.openApproval(
      approval({
        id,
        run: id,
        requester: run.origin,
        participants,
        expiresAt: new Date(NOW.getTime() + 86_400_000).toISOString(),
        plan: plan({ digest: 'd1', revision }),
      }),
    );
    const click = { kind: 'approval', approval: id, digest: 'd1', decision: 'approved' } as const;
    const message = { channel: CHANNEL, timestamp: '1.5' };
    const report = await answerClick({ id, click, user, channel: CHANNEL, message }, ports);
    answers[user] = report?.footer?.[0]?.split(':')[0] ?? null;
    ports.outside.runs.delete(id);
  }
  return answers;
}

/** The run ends, as if it had been approved and carried out, or denied. */
function end(run: RunRecord, status: RunRecord['status'], { ports }: Bot): void {
  const finishedAt = ports.clock.now().toISOString();
  ports.outside.runs.set(run.run, { ...run, status, finishedAt, durationMs: 1 });
}

/** A run that redisops began because the nodes drifted. */
function driftRun({ ports }: Bot): RunRecord {
  const origin = { from: 'redisops', actor: 'drift' } as const;
  return newRun({ run: 'r-1', cluster: 'redis', goal: { kind: 'converge' }, origin }, ports.clock.now());
}

const NOBODY = { U0ADA: 'APPROVAL_OWN', U0BEN: 'APPROVAL_OWN', U0CARL: 'APPROVAL_OWN', U0DORA: 'APPROVAL_OWN' };
const ALL = { U0ADA: null, U0BEN: null, U0CARL: null, U0DORA: null };

describe('a merge is not approved by', () => {
  it.each(['merge', 'squash', 'rebase'] as const)(
    'who opened it, nor by who wrote one of its commits, after a %s by somebody else',
    async (method) => {
      const at = await bot();
      const number = github.people.propose({ title: 'Change', files: change(), by: 'ada' });
      github.people.pushTo(number, other(), { author: 'carl' });
      github.people.merge(number, method, 'ben');
      expect(await clicks(await newest(at), at)).toEqual({ ...NOBODY, U0DORA: null });
    },
  );

  it.each<[string, { author?: string; committer?: string; message?: string }]>([
    ['committer', { author: 'ben', committer: 'carl' }],
    ['co-author, by GitHub’s address', { message: 'More\n\nCo-authored-by: C <1+carl@users.noreply.github.com>' }],
    ['co-author in other letters', { message: 'More\n\nco-authored-BY: Carl <Carl@users.noreply.github.com>' }],
  ])('its %s', async (_, commit) => {
    const at = await bot();
    const number = github.people.propose({ title: 'Change', files: change(), by: 'ada' });
    github.people.pushTo(number, other(), commit);
    github.people.merge(number, 'merge', 'ben');
    expect(await clicks(await newest(at), at)).toEqual({ ...NOBODY, U0DORA: null });
  });

  it('a co-author whose email the range shows to be an account’s', async () => {
    const at = await bot();
    const number = github.people.propose({ title: 'Change', files: change(), by: 'ada' });
    github.people.pushTo(number, other(), { message: 'x\n\nCo-authored-by: X <carl@users.noreply.github.com>' });
    github.people.merge(number, 'squash', 'ben');
    expect(await clicks(await newest(at), at)).toMatchObject({ U0CARL: 'APPROVAL_OWN', U0DORA: null });
  });

  it.each<[string, { author?: string; committer?: string }]>([
    ['author', { author: 'Ada at home <ada@home.example>' }],
    ['committer', { committer: 'Ada at home <ada@home.example>' }],
    ['author, a bot,', { author: 'renovate[bot]' }],
  ])('anyone, if its %s may be anyone', async (_, commit) => {
    const at = await bot();
    const number = github.people.propose({ title: 'Change', files: change(), by: 'ben' });
    github.people.pushTo(number, other(), commit);
    github.people.merge(number, 'merge', 'ben');
    expect(await clicks(await newest(at), at)).toEqual({ ...NOBODY });
  });

  it('anyone without a login of their own in redisops.yml, if an unlisted login wrote it', async () => {
    const at = await bot();
    github.people.merge(github.people.propose({ title: 'Change', files: change(), by: 'eve' }), 'squash', 'ben');
    expect(await clicks(await newest(at), at)).toEqual({
      U0ADA: null,
      U0BEN: 'APPROVAL_OWN',
      U0CARL: null,
      U0DORA: 'APPROVAL_OWN',
    });
  });

  it.each(['github-merge-queue[bot]', 'mergify[bot]', 'ada-work'])('anyone, if %s merged it', async (by) => {
    const at = await bot();
    github.people.merge(github.people.propose({ title: 'Change', files: change(), by: 'ada' }), 'merge', by);
    expect(await clicks(await newest(at), at)).toEqual(NOBODY);
  });
});

describe('a denied or expired merge', () => {
  it.each(['denied', 'expired', 'queued'] as const)(
    'that is %s brings its people into the drift run, the next merge and a run asked for in chat',
    async (status) => {
      const at = await bot();
      github.people.merge(github.people.propose({ title: 'First', files: change(), by: 'carl' }), 'merge', 'carl');
      end(await newest(at), 'done', at);
      github.people.merge(github.people.propose({ title: 'Evil', files: change(), by: 'ada' }), 'merge', 'ada');
      end(await newest(at), status, at);

      expect(await clicks(driftRun(at), at)).toEqual({ ...ALL, U0ADA: 'APPROVAL_OWN' });
      const origin = { from: 'slack', actor: 'U0BEN' } as const;
      const asked = newRun({ run: 'r-2', cluster: 'redis', goal: { kind: 'converge' }, origin }, at.ports.clock.now());
      expect(await clicks(asked, at)).toEqual({ ...ALL, U0ADA: 'APPROVAL_OWN', U0BEN: 'APPROVAL_OWN' });

      github.people.merge(github.people.propose({ title: 'Harmless', files: other(), by: 'ben' }), 'merge', 'ben');
      const next = await newest(at);
      expect(await clicks(next, at)).toEqual({ ...ALL, U0ADA: 'APPROVAL_OWN', U0BEN: 'APPROVAL_OWN' });
    },
    60_000,
  );

  it('is not forgotten if it is the first that the bot saw', async () => {
    const at = await bot();
    github.people.merge(github.people.propose({ title: 'Evil', files: change(), by: 'ada' }), 'merge', 'ada');
    end(await newest(at), 'denied', at);
    expect(await clicks(driftRun(at), at)).toEqual({ ...ALL, U0ADA: 'APPROVAL_OWN' });
  });

  it('leaves nobody to approve a drift run if the nodes’ commit is unknown', async () => {
    const at = await bot();
    expect(await clicks(driftRun(at), at)).toEqual(NOBODY);
  });

  it('brings nobody into a drift run if it is applied', async () => {
    const at = await bot();
    github.people.merge(github.people.propose({ title: 'First', files: change(), by: 'ada' }), 'merge', 'ada');
    end(await newest(at), 'done', at);
    github.people.merge(
      github.people.propose({ title: 'Docs', files: { 'README.md': '#' }, by: 'ben' }),
      'merge',
      'ben',
    );
    expect(await clicks(driftRun(at), at)).toEqual(ALL);
  });

  it('counts for the rollback that takes it back', async () => {
    const at = await bot();
    github.people.merge(github.people.propose({ title: 'First', files: change(), by: 'carl' }), 'merge', 'carl');
    const first = await newest(at);
    end(first, 'done', at);
    github.people.merge(github.people.propose({ title: 'Second', files: change(), by: 'ada' }), 'merge', 'ben');
    end(await newest(at), 'failed', at);
    const origin = { from: 'redisops', actor: 'rollback' } as const;
    const goal = { kind: 'rollback', revision: first.revision } as const;
    const back = newRun({ run: 'r-1', cluster: 'redis', goal, origin }, at.ports.clock.now());
    expect(await clicks(back, at)).toEqual({ ...ALL, U0ADA: 'APPROVAL_OWN', U0BEN: 'APPROVAL_OWN' });
  });

  it('leaves nobody to approve a drift run after the branch was rewritten', async () => {
    const at = await bot();
    const before = github.head();
    github.people.merge(github.people.propose({ title: 'First', files: change(), by: 'ada' }), 'merge', 'ada');
    end(await newest(at), 'done', at);
    github.people.forcePush('main', before, 'ben');
    github.people.push('main', change(), 'Instead', 'ben');
    expect(await clicks(driftRun(at), at)).toEqual(NOBODY);
  });
});

/** Opened by redisops for Ada, as `/redis set` does. */
async function opened(at: Bot, remembered = true): Promise<number> {
  const created = await at.host.pullRequests.create({
    name: 'redisops/set-redis-maxmemory',
    revision: github.head(),
    path: GROUP_VARIABLES,
    text: change()[GROUP_VARIABLES] ?? '',
    title: 'redis: set maxmemory',
    body: 'U0ADA asked for it in Slack',
  });
  if (remembered) await at.ports.store.rememberAsker(created.url, 'U0ADA');
  return created.number;
}

describe('a pull request that redisops opened', () => {
  it.each([
    ['an App', APP_TOKEN],
    ['a machine user', BOT_TOKEN],
  ])('as %s is its asker’s', async (_, token) => {
    const at = await bot({ token });
    github.people.merge(await opened(at), 'merge', 'ben');
    const run = await newest(at);
    expect(await clicks(run, at)).toEqual({ ...ALL, U0ADA: 'APPROVAL_OWN', U0BEN: 'APPROVAL_OWN' });
  });

  it('for an unknown asker is approved by nobody who may be that person', async () => {
    const at = await bot();
    github.people.merge(await opened(at, false), 'merge', 'ben');
    expect(await clicks(await newest(at), at)).toEqual(NOBODY);
  });

  it('is not approved by its asker on GitHub: the check stays open until somebody else approves its head', async () => {
    const at = await bot();
    for (const login of ['ada', 'ben', 'carl', 'eve']) github.world.people.set(login, 'write');
    github.world.people.set('carl', 'read');
    const number = await opened(at);
    const ports = { ...at.ports, ...at.host, branch: 'main' };
    const conclusion = async (): Promise<string | null> => {
      await planPullRequest(number, null, ports);
      return [...github.world.checks.values()].at(-1)?.title ?? null;
    };
    const open = /^Waits for an approving review by someone other than U0ADA/;
    // No node answers in this test, so that the check fails on its own: the wait is asked for by itself.
    const waits = async (): Promise<string | null> => {
      const pull = await at.host.pullRequests.get(number);
      const found = pull && (await openedFor(pull, ports));
      if (!pull || !found) throw new Error('not opened by redisops');
      return awaitedReader(pull, found, { base: await ports.source(null), cluster: 'redis' }, ports);
    };
    expect(await conclusion()).toMatch(/^No plan|^Blocked/);
    expect(await waits()).toMatch(open);
    github.people.review(number, 'ada');
    expect(await waits()).toMatch(open);
    // Anyone may be behind an unlisted login; a reader of the repository may not approve.
    for (const login of ['eve', 'carl', 'github-actions[bot]']) github.people.review(number, login);
    expect(await waits()).toMatch(open);
    github.people.review(number, 'ben');
    expect(await waits()).toBeNull();
    github.people.pushTo(number, other(), { author: 'ada' });
    expect(await waits()).toMatch(open);
    github.people.review(number, 'ben');
    github.people.review(number, 'ben', 'CHANGES_REQUESTED');
    expect(await waits()).toMatch(open);
    github.people.review(number, 'ben');
    github.people.review(number, 'ben', 'COMMENTED');
    expect(await waits()).toBeNull();
  });

  it('is looked at again after a review', async () => {
    const at = await bot();
    const number = await opened(at);
    const ports = { ...at.ports, ...at.host, branch: 'main' };
    expect(await planPullRequest(number, null, ports)).toMatchObject({ looked: 'planned' });
    expect(await planPullRequest(number, null, ports)).toMatchObject({ looked: 'as before' });
    github.people.review(number, 'ben');
    expect(await planPullRequest(number, null, ports)).toMatchObject({ looked: 'planned' });
  });
});
