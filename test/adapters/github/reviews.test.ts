import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { APP_TOKEN, BOT_TOKEN, startGitGitHub, type GitGitHub } from '../../../lab/git-github/server.ts';
import { gitHubClient } from '../../../src/adapters/github/client.ts';
import { gitHubDeployments } from '../../../src/adapters/github/deployments.ts';
import { gitHubReviews } from '../../../src/adapters/github/reviews.ts';
import { Secret } from '../../../src/domain/secret.ts';

// Git is a process for each thing that is asked of it.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let github: GitGitHub;
let number: number;

beforeEach(async () => {
  github = await startGitGitHub();
  number = github.people.propose({ title: 'Change', files: { 'a.yml': 'a\n' } });
});

afterEach(async () => {
  await github.close();
  const mistakes = [...github.mistakes, ...github.webhooks.mistakes];
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
});

function clientOf(token: string) {
  const identity = { kind: 'token' as const, token: new Secret(token) };
  return gitHubClient({ repository: github.repository, identity, apiUrl: github.url, backOffMs: 1 });
}

const bodies = () =>
  [...github.world.comments.values()].map(({ login, body, minimized }) => [login, body.split('\n')[1], minimized]);

describe('what is said', () => {
  it('is one comment for each part, edited in place; parts that are no more are folded, and opened again', async () => {
    const reviews = gitHubReviews(clientOf(BOT_TOKEN), false);
    const url = await reviews.say(number, 'plan', ['one', 'two', 'three']);
    expect(url).toMatch(/#issuecomment-\d+$/);
    await reviews.say(number, 'plan', ['uno']);
    expect(bodies()).toEqual([
      ['redisops-bot', 'uno', null],
      ['redisops-bot', 'The plan has no such part any more.', 'OUTDATED'],
      ['redisops-bot', 'The plan has no such part any more.', 'OUTDATED'],
    ]);
    expect(await reviews.say(number, 'plan', ['uno', 'due'])).toBe(url);
    expect(bodies().slice(0, 2)).toEqual([
      ['redisops-bot', 'uno', null],
      ['redisops-bot', 'due', null],
    ]);
  });

  it('leaves comments of others alone, also with our marker, and folds the second of two bots at once', async () => {
    github.people.comment(number, 'mallory', '<!-- redisops:plan -->\nforged');
    github.people.comment(number, 'redisops-bot', '<!-- redisops:plan -->\nours');
    github.people.comment(number, 'redisops-bot', '<!-- redisops:plan -->\nours, twice');
    github.people.comment(number, 'redisops-bot', '<!-- redisops:plan-of-something -->\nanother topic');
    await gitHubReviews(clientOf(BOT_TOKEN), false).say(number, 'plan', ['new']);
    expect(bodies()).toEqual([
      ['mallory', 'forged', null],
      ['redisops-bot', 'new', null],
      ['redisops-bot', 'The plan has no such part any more.', 'OUTDATED'],
      ['redisops-bot', 'another topic', null],
    ]);
  });

  it('is said where nothing can be folded', async () => {
    const reviews = gitHubReviews(clientOf(BOT_TOKEN), false);
    await reviews.say(number, 'plan', ['one', 'two']);
    github.trouble((_method, path) => (path === '/graphql' ? { status: 403 } : null));
    await reviews.say(number, 'plan', ['one']);
    expect(bodies()[1]).toEqual(['redisops-bot', 'The plan has no such part any more.', null]);
  });
});

describe('a check', () => {
  const end = { conclusion: 'neutral' as const, title: 't'.repeat(200), summary: 's', annotations: [], url: null };

  it('that a bot left behind is gone on with', async () => {
    const reviews = gitHubReviews(clientOf(APP_TOKEN), true);
    await reviews.openCheck(github.head(), 'Planning');
    await (await reviews.openCheck(github.head(), 'Planning'))?.end(end);
    expect([...github.world.checks.values()]).toMatchObject([{ status: 'completed', conclusion: 'neutral' }]);
  });

  it('is a status where the App may not write checks', async () => {
    github.trouble((_method, path) => (path.includes('check-runs') ? { status: 403 } : null));
    await (await gitHubReviews(clientOf(APP_TOKEN), true).openCheck(github.head(), 'Planning'))?.end(end);
    expect(github.world.statuses.map(({ state }) => state)).toEqual(['pending', 'success']);
  });
});

it('a check is none where the credentials may write neither; trouble and limits are not that', async () => {
  const reviews = gitHubReviews(clientOf(BOT_TOKEN), false);
  const head = github.head();
  const open = () => reviews.openCheck(head, 'Planning');
  github.trouble(() => ({ status: 403 }));
  expect(await open()).toBeNull();
  github.trouble(() => ({ status: 403, headers: { 'retry-after': '900' } }));
  await expect(open()).rejects.toMatchObject({ code: 'GITHUB_FAILED' });
  github.trouble(() => ({ status: 502 }));
  await expect(open()).rejects.toMatchObject({ code: 'GITHUB_FAILED' });
});

describe('a deployment', () => {
  it('that GitHub refuses leaves the commit its status', async () => {
    github.trouble((_method, path) => (path.includes('deployments') ? { status: 403 } : null));
    await expect(gitHubDeployments(clientOf(BOT_TOKEN)).tell(news('queued'))).rejects.toMatchObject({
      code: 'GITHUB_FAILED',
    });
    expect(github.world.statuses.map(({ state }) => state)).toEqual(['pending']);
  });

  const news = (state: 'queued' | 'in_progress' | 'success', run = 'merge-redis-1') => ({
    run,
    cluster: 'redis',
    commit: github.head(),
    state,
    description: 'd'.repeat(300),
    url: 'https://acme.slack.com/archives/C1/p1',
  });

  it('is one for each run, also after a restart, in an environment of the cluster’s name', async () => {
    await gitHubDeployments(clientOf(BOT_TOKEN)).tell(news('queued'));
    await gitHubDeployments(clientOf(BOT_TOKEN)).tell(news('in_progress'));
    await gitHubDeployments(clientOf(BOT_TOKEN)).tell(news('success'));
    await gitHubDeployments(clientOf(BOT_TOKEN)).tell(news('success', 'another'));
    const deployments = [...github.world.deployments.values()];
    expect(deployments.map(({ environment, sha, payload }) => [environment, sha, payload])).toEqual([
      ['redis', github.head(), { run: 'merge-redis-1' }],
      ['redis', github.head(), { run: 'another' }],
    ]);
    expect(deployments[0]?.statuses.map(({ state, logUrl }) => [state, logUrl])).toEqual(
      ['queued', 'in_progress', 'success'].map((state) => [state, news('queued').url]),
    );
    expect(github.world.statuses.map(({ context, state }) => [context, state])).toEqual(
      ['pending', 'pending', 'success', 'success'].map((state) => ['redisops/apply redis', state]),
    );
  });
});

it('lists open pull requests, and pays nothing where none has changed', async () => {
  const reviews = gitHubReviews(clientOf(BOT_TOKEN), false);
  const first = await reviews.open('main');
  expect(first.map((pull) => pull.number)).toEqual([number]);
  expect(await reviews.open('main')).toEqual(first);
  const another = github.people.propose({ title: 'Another', files: { 'b.yml': 'b\n' } });
  const numbers = (await reviews.open('main')).map((pull) => pull.number);
  expect(new Set(numbers)).toEqual(new Set([number, another]));
  const lists = github.requests.filter(({ path }) => path.endsWith('/pulls'));
  expect(lists.map(({ unchanged }) => unchanged)).toEqual([false, true, false]);
});
