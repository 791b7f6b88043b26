import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { APP_TOKEN, BOT_TOKEN, startGitGitHub, type GitGitHub } from '../../../lab/git-github/server.ts';
import { gitHubClient } from '../../../src/adapters/github/client.ts';
import { gitHubDeployments } from '../../../src/adapters/github/deployments.ts';
import { gitHubPullRequests } from '../../../src/adapters/github/pull-requests.ts';
import { Secret } from '../../../src/domain/secret.ts';

// Every Git operation starts a process.
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
    const pullRequests = gitHubPullRequests(clientOf(BOT_TOKEN), 'main', false);
    const url = await pullRequests.say(number, 'plan', ['one', 'two', 'three']);
    expect(url).toMatch(/#issuecomment-\d+$/);
    await pullRequests.say(number, 'plan', ['uno']);
    expect(bodies()).toEqual([
      ['redisops-bot', 'uno', null],
      ['redisops-bot', 'This part is no longer in the plan.', 'OUTDATED'],
      ['redisops-bot', 'This part is no longer in the plan.', 'OUTDATED'],
    ]);
    expect(await pullRequests.say(number, 'plan', ['uno', 'due'])).toBe(url);
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
    await gitHubPullRequests(clientOf(BOT_TOKEN), 'main', false).say(number, 'plan', ['new']);
    expect(bodies()).toEqual([
      ['mallory', 'forged', null],
      ['redisops-bot', 'new', null],
      ['redisops-bot', 'This part is no longer in the plan.', 'OUTDATED'],
      ['redisops-bot', 'another topic', null],
    ]);
  });

  it('keeps topics apart whose names differ in a number, and folds the parts that version 0.1 numbered', async () => {
    const pullRequests = gitHubPullRequests(clientOf(BOT_TOKEN), 'main', false);
    github.people.comment(number, 'redisops-bot', '<!-- redisops:plan-2 -->\nold part');
    await pullRequests.say(number, 'outcome-redis-2', ['of redis-2']);
    await pullRequests.say(number, 'outcome-redis', ['of redis']);
    await pullRequests.say(number, 'plan', ['new', 'part']);
    expect(bodies()).toEqual([
      ['redisops-bot', 'This part is no longer in the plan.', 'OUTDATED'],
      ['redisops-bot', 'of redis-2', null],
      ['redisops-bot', 'of redis', null],
      ['redisops-bot', 'new', null],
      ['redisops-bot', 'part', null],
    ]);
    const topics = (await pullRequests.comments(number)).map(({ topic }) => topic);
    expect(topics).toEqual(['plan', 'outcome-redis-2', 'outcome-redis', 'plan', 'plan']);
  });

  it('is stated in text if nothing can be folded', async () => {
    const pullRequests = gitHubPullRequests(clientOf(BOT_TOKEN), 'main', false);
    await pullRequests.say(number, 'plan', ['one', 'two']);
    github.trouble((_method, path) => (path === '/graphql' ? { status: 403 } : null));
    await pullRequests.say(number, 'plan', ['one']);
    expect(bodies()[1]).toEqual(['redisops-bot', 'This part is no longer in the plan.', null]);
  });
});

describe('a check', () => {
  const end = { conclusion: 'neutral' as const, title: 't'.repeat(200), summary: 's', annotations: [], url: null };

  it('left behind by a bot is continued', async () => {
    const pullRequests = gitHubPullRequests(clientOf(APP_TOKEN), 'main', true);
    await pullRequests.openCheck(github.head(), 'Planning');
    await (await pullRequests.openCheck(github.head(), 'Planning'))?.end(end);
    expect([...github.world.checks.values()]).toMatchObject([{ status: 'completed', conclusion: 'neutral' }]);
  });

  it('is a status if the App may not write checks', async () => {
    github.trouble((_method, path) => (path.includes('check-runs') ? { status: 403 } : null));
    await (await gitHubPullRequests(clientOf(APP_TOKEN), 'main', true).openCheck(github.head(), 'Planning'))?.end(end);
    expect(github.world.statuses.map(({ state }) => state)).toEqual(['pending', 'success']);
  });
});

it('a check is null if the credentials may write neither; outages and rate limits are errors', async () => {
  const pullRequests = gitHubPullRequests(clientOf(BOT_TOKEN), 'main', false);
  const head = github.head();
  const open = () => pullRequests.openCheck(head, 'Planning');
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
    await expect(gitHubDeployments(clientOf(BOT_TOKEN)).report(news('queued'))).rejects.toMatchObject({
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
    await gitHubDeployments(clientOf(BOT_TOKEN)).report(news('queued'));
    await gitHubDeployments(clientOf(BOT_TOKEN)).report(news('in_progress'));
    await gitHubDeployments(clientOf(BOT_TOKEN)).report(news('success'));
    await gitHubDeployments(clientOf(BOT_TOKEN)).report(news('success', 'another'));
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

it('lists open pull requests, at no cost if none has changed', async () => {
  const pullRequests = gitHubPullRequests(clientOf(BOT_TOKEN), 'main', false);
  const first = await pullRequests.listOpen('main');
  expect(first.map((pull) => pull.number)).toEqual([number]);
  expect(await pullRequests.listOpen('main')).toEqual(first);
  const another = github.people.propose({ title: 'Another', files: { 'b.yml': 'b\n' } });
  const numbers = (await pullRequests.listOpen('main')).map((pull) => pull.number);
  expect(new Set(numbers)).toEqual(new Set([number, another]));
  const lists = github.requests.filter(({ path }) => path.endsWith('/pulls'));
  expect(lists.map(({ unchanged }) => unchanged)).toEqual([false, true, false]);
});
