import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerMistakes, webhookMistakes } from '../../lab/git-github/openapi.ts';
import { APP_TOKEN, BOT_TOKEN, startGitGitHub, type GitGitHub } from '../../lab/git-github/server.ts';

const place = { owner: 'acme', repo: 'infra' };
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
// Git is a process for each thing that is asked of it.

let github: GitGitHub;

const as = (token: string) => new Octokit({ auth: token, baseUrl: github.url, log: silent }).rest;

beforeEach(async () => {
  github = await startGitGitHub();
});

afterEach(async () => {
  await github.close();
  // What the stand-in says is as GitHub describes it, in every test.
  const mistakes = [...github.mistakes, ...github.webhooks.mistakes];
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
});

it('is checked by GitHub’s own description, which does find mistakes', () => {
  expect(answerMistakes('GET', '/repos/acme/infra/pulls/7', 200, { number: 'x' })).not.toEqual([]);
  expect(answerMistakes('GET', '/no/such/path', 200, {})).toEqual(['GET /no/such/path is not in GitHub’s description']);
  expect(webhookMistakes('push', { ref: 1 })).not.toEqual([]);
});

describe('a pull request', () => {
  it('is announced and shown as on GitHub, at each stage', async () => {
    const { people, webhooks } = github;
    const bot = as(BOT_TOKEN);
    const number = people.propose({ title: 'More', files: { 'a.yml': 'a: 1\n' } });
    const { data: first } = await bot.pulls.get({ ...place, pull_number: number });
    expect(first).toMatchObject({ mergeable: null, merge_commit_sha: null, changed_files: 1 });
    const { data: tried } = await bot.pulls.get({ ...place, pull_number: number });
    expect(tried.mergeable).toBe(true);
    const { data: trial } = await bot.git.getCommit({ ...place, commit_sha: tried.merge_commit_sha ?? '' });
    expect(trial.parents.map(({ sha }) => sha)).toEqual([github.head(), tried.head.sha]);

    const head = people.pushTo(number, { 'a.yml': 'a: 2\n', 'b.yml': 'b\n' });
    const { data: pushed } = await bot.pulls.get({ ...place, pull_number: number });
    expect([pushed.head.sha, pushed.mergeable, pushed.merge_commit_sha]).toEqual([head, null, tried.merge_commit_sha]);
    const { data: files } = await bot.pulls.listFiles({ ...place, pull_number: number });
    expect(files.map(({ filename, status }) => [filename, status])).toEqual([
      ['a.yml', 'added'],
      ['b.yml', 'added'],
    ]);

    people.setDraft(number, true);
    people.setDraft(number, false);
    people.comment(number, 'alice', 'well done');
    people.push('main', { 'c.yml': 'c\n' }, 'Straight on');
    people.close(number);
    people.reopen(number);
    const sha = people.merge(number);
    expect(github.head()).toBe(sha);
    const { data: mergedOne } = await bot.pulls.get({ ...place, pull_number: number });
    expect(mergedOne).toMatchObject({ merged: true, state: 'closed', merge_commit_sha: sha });
    expect(webhooks.deliveries.map(({ event, payload }) => [event, payload['action']])).toEqual([
      ['pull_request', 'opened'],
      ['pull_request', 'synchronize'],
      ['pull_request', 'converted_to_draft'],
      ['pull_request', 'ready_for_review'],
      ['issue_comment', 'created'],
      ['push', undefined],
      ['pull_request', 'closed'],
      ['pull_request', 'reopened'],
      ['push', undefined],
      ['pull_request', 'closed'],
    ]);
  });

  it.each(['squash', 'rebase'] as const)('is merged by %s on a base that has moved', async (method) => {
    const number = github.people.propose({ title: 'Mine', files: { 'mine.yml': 'm\n' } });
    github.people.pushTo(number, { 'mine.yml': 'm2\n' });
    github.people.push('main', { 'theirs.yml': 't\n' }, 'Theirs');
    const sha = github.people.merge(number, method);
    const { data } = await as(BOT_TOKEN).repos.getCommit({ ...place, ref: sha });
    expect(data.parents).toHaveLength(1);
    expect(github.world.repository.git('ls-tree', '--name-only', sha).split('\n')).toEqual([
      'README.md',
      'mine.yml',
      'theirs.yml',
    ]);
  });

  it('that conflicts is not merged', async () => {
    const number = github.people.propose({ title: 'Mine', files: { 'x.yml': 'mine\n' } });
    github.people.push('main', { 'x.yml': 'theirs\n' }, 'Theirs');
    await as(BOT_TOKEN).pulls.get({ ...place, pull_number: number });
    const { data } = await as(BOT_TOKEN).pulls.get({ ...place, pull_number: number });
    expect(data.mergeable).toBe(false);
    expect(() => github.people.merge(number)).toThrow('not mergeable');
  });
});

it('answers as GitHub does in branches, trees, comparisons, lists, statuses, deployments and files', async () => {
  const bot = as(BOT_TOKEN);
  const base = github.head();
  github.people.push('main', { 'a/b.yml': 'b\n', link: '→ a/b.yml' }, 'Two');
  github.people.push('main', { 'a/b.yml': null, 'a/c.yml': 'b\n' }, 'Renamed');
  const head = github.head();
  expect((await bot.repos.getBranch({ ...place, branch: 'main' })).data.commit.sha).toBe(head);
  const { data: tree } = await bot.git.getTree({ ...place, tree_sha: head, recursive: '1' });
  expect(tree.tree.map(({ path, mode }) => `${path} ${mode}`)).toEqual([
    'README.md 100644',
    'a 040000',
    'a/c.yml 100644',
    'link 120000',
  ]);
  const { data: comparison } = await bot.repos.compareCommitsWithBasehead({ ...place, basehead: `${base}...${head}` });
  expect(comparison).toMatchObject({ status: 'ahead', ahead_by: 2 });
  expect((await bot.repos.listCommits({ ...place, sha: 'main' })).data.map(({ sha }) => sha)).toEqual(
    github.world.repository.git('rev-list', head).split('\n'),
  );
  await bot.repos.createCommitStatus({
    ...place,
    sha: head,
    state: 'pending',
    context: 'x',
    description: 'd',
    target_url: 'https://example.com',
  });
  expect((await bot.repos.listCommitStatusesForRef({ ...place, ref: head })).data).toMatchObject([
    { context: 'x', state: 'pending' },
  ]);

  await expect(bot.repos.createDeployment({ ...place, ref: head })).rejects.toMatchObject({ status: 409 });
  const { data: made } = await bot.repos.createDeployment({
    ...place,
    ref: head,
    environment: 'redis',
    auto_merge: false,
    required_contexts: [],
    payload: { run: 'r' },
  });
  const deployment_id = 'id' in made ? made.id : 0;
  await bot.repos.createDeploymentStatus({
    ...place,
    deployment_id,
    state: 'success',
    log_url: 'https://example.com/thread',
  });
  expect((await bot.repos.listDeployments({ ...place, environment: 'redis' })).data).toMatchObject([
    { payload: { run: 'r' } },
  ]);
  expect((await bot.repos.listDeploymentStatuses({ ...place, deployment_id })).data).toMatchObject([
    { state: 'success' },
  ]);
  const { data: file } = await bot.repos.getContent({ ...place, path: 'a/c.yml' });
  expect(file).toMatchObject({ type: 'file', size: 2 });
});

it('lets only an App write check runs, whose annotations add up on the commit', async () => {
  const run = { ...place, name: 'redisops/plan', head_sha: github.head() };
  await expect(as(BOT_TOKEN).checks.create(run)).rejects.toMatchObject({ status: 403 });
  const app = as(APP_TOKEN);
  const { data: check } = await app.checks.create({ ...run, status: 'in_progress' });
  const output = (line: number) => ({
    title: 't',
    summary: 's',
    annotations: [
      { path: 'README.md', start_line: line, end_line: line, annotation_level: 'notice' as const, message: 'm' },
    ],
  });
  for (const _ of [1, 2]) await app.checks.update({ ...place, check_run_id: check.id, output: output(1) });
  await expect(app.checks.update({ ...place, check_run_id: check.id, output: output(9) })).rejects.toMatchObject({
    status: 422,
  });
  const { data } = await app.checks.update({ ...place, check_run_id: check.id, conclusion: 'success' });
  expect(data).toMatchObject({ status: 'completed', conclusion: 'success', output: { annotations_count: 2 } });
});

it('answers 304 for free; and fails when told to', async () => {
  const bot = as(BOT_TOKEN);
  const { headers } = await bot.repos.getBranch({ ...place, branch: 'main' });
  const left = github.rateLimit.remaining;
  await expect(
    bot.repos.getBranch({ ...place, branch: 'main', headers: { 'if-none-match': headers.etag ?? '' } }),
  ).rejects.toMatchObject({ status: 304 });
  expect(github.rateLimit.remaining).toBe(left);
  github.trouble(() => ({ status: 429, headers: { 'retry-after': '7' } }));
  await expect(bot.repos.getBranch({ ...place, branch: 'main' })).rejects.toMatchObject({ status: 429 });
  github.trouble(null);
  github.rateLimit.remaining = 0;
  await expect(bot.repos.getBranch({ ...place, branch: 'main' })).rejects.toMatchObject({ status: 403 });
});
