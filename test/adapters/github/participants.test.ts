import type { Octokit } from '@octokit/rest';
import { describe, expect, it } from 'vitest';
import type { GitHubClient } from '../../../src/adapters/github/client.ts';
import { pullRequestPeople, writersBetween } from '../../../src/adapters/github/participants.ts';

const commit = (at: number, login: string | null = 'ben', message = 'Change') => ({
  sha: String(at).padStart(40, '0'),
  commit: { message, author: { name: 'x', email: `${login ?? 'nobody'}@x.example` }, committer: null },
  author: login === null ? null : { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' },
  committer: { login: 'web-flow', type: 'User' },
});

interface Asked {
  per_page: number;
  page: number;
}

/** GitHub with these commits. `listed`: how many of them it lists for a pull request. */
function client(commits: readonly object[], { listed = 250, total = commits.length, user = 'ben' } = {}): GitHubClient {
  const paged = (all: readonly object[], { per_page, page }: Asked) =>
    all.slice((page - 1) * per_page, page * per_page);
  const pull = {
    html_url: 'https://github.com/acme/infra/pull/7',
    user: { login: user, type: 'User' },
    merged_at: '2025-12-03T14:05:09Z',
    merged_by: { login: 'Carl', type: 'User' },
    commits: total,
    base: { sha: 'b' },
    head: { sha: 'h' },
  };
  const rest = {
    repos: {
      compareCommitsWithBasehead: async (asked: Asked) => ({
        data: { commits: paged(commits, asked), total_commits: total },
      }),
    },
    pulls: {
      get: async () => ({ data: pull }),
      listCommits: async (asked: Asked) => ({ data: paged(commits.slice(0, listed), asked) }),
    },
  };
  const ask: GitHubClient['ask'] = async (_what, request) => (await request({ rest } as unknown as Octokit)).data;
  return { place: { owner: 'acme', repo: 'infra' }, ask, find: ask, login: async () => 'redisops[bot]' };
}

const many = (count: number, last: string | null) =>
  Array.from({ length: count }, (_, at) => commit(at, at === count - 1 ? last : 'ben'));

describe('those who wrote a pull request', () => {
  it.each([1, 100, 101, 250, 251, 2000])('are all known of %d commits', async (count) => {
    const { people, url } = await pullRequestPeople(client(many(count, 'ada')), 7);
    expect(url).toBe('https://github.com/acme/infra/pull/7');
    expect(people.slice(0, 2)).toEqual([
      { kind: 'github', login: 'ben', did: 'opened' },
      { kind: 'github', login: 'carl', did: 'merged' },
    ]);
    expect(people).toContainEqual({ kind: 'github', login: 'ada', did: 'committed' });
    expect(people.filter(({ kind }) => kind === 'unknown')).toEqual([]);
  });

  it('are looked for in the comparison if GitHub lists too few', async () => {
    const { people } = await pullRequestPeople(client(many(20, 'ada'), { listed: 10 }), 7);
    expect(people).toContainEqual({ kind: 'github', login: 'ada', did: 'committed' });
  });

  it.each([
    ['are fewer than GitHub counts', client(many(20, 'ada'), { total: 30 })],
    ['are too many to read', client(many(5001, 'ada'))],
  ])('include someone unknown if the commits %s', async (_, github) => {
    expect((await writersBetween(github, 'b', 'h')).at(-1)).toMatchObject({ kind: 'unknown' });
  });
});

describe('the author of a commit', () => {
  it.each([
    ['without an account', commit(1, null), { kind: 'unknown', who: 'the author of commit 000000000000' }],
    ['that is a bot', commit(1, 'renovate[bot]'), { kind: 'unknown', who: 'renovate[bot]' }],
    ['that is redisops', commit(1, 'redisops[bot]'), { kind: 'redisops', login: 'redisops[bot]' }],
    ['with an account', commit(1, 'Ada'), { kind: 'github', login: 'ada' }],
  ])('%s', async (_, given, expected) => {
    expect(await writersBetween(client([given]), 'b', 'h')).toMatchObject([expected]);
  });

  it.each([
    ['by GitHub’s address', 'Co-authored-by: Ada <7+Ada-L@users.noreply.github.com>', ['ada-l']],
    ['by an address that another commit has', 'Co-Authored-By: Ada <ADA@x.example>', ['ada']],
    ['of an address that no account is known of', 'Co-authored-by: Ada <a@home.example>', []],
    ['that is a bot', 'Co-authored-by: x <1+copilot[bot]@users.noreply.github.com>', []],
    ['in the middle of a line', 'see Co-authored-by: x <eve@users.noreply.github.com>', []],
  ])('has a co-author %s', async (_, trailer, expected) => {
    const wrote = await writersBetween(
      client([commit(1, 'ada'), commit(2, 'ben', `Change\n\n${trailer}\n`)]),
      'b',
      'h',
    );
    expect(wrote.slice(2).map((each) => (each.kind === 'github' ? each.login : each.kind))).toEqual(expected);
  });
});
