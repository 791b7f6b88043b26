import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BOT_TOKEN, startGitGitHub, type GitGitHub } from '../../../lab/git-github/server.ts';
import { gitHub } from '../../../src/adapters/github/github.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { GitHub } from '../../../src/ports/git.ts';

// Every Git operation starts a process.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let github: GitGitHub;
let host: GitHub;
const [name, path] = ['redisops/set-redis-hz', 'a.yml'];

beforeEach(async () => {
  github = await startGitGitHub();
  github.people.push('main', { [path]: 'hz: 1\n' }, 'The file');
  const identity = { kind: 'token' as const, token: new Secret(BOT_TOKEN) };
  host = gitHub({ repository: github.repository, identity, apiUrl: github.url, backOffMs: 1 });
});

afterEach(async () => {
  await github.close();
  const mistakes = [...github.mistakes, ...github.webhooks.mistakes];
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
});

const change = async (text: string) => {
  return { name, revision: await host.commits.head('main'), path, text, title: 'Set hz', body: 'Asked for.' };
};

it('opens a pull request, finds it again, and puts one more commit on it', async () => {
  expect(await host.pullRequests.openFrom(name)).toBeNull();
  const { number } = await host.pullRequests.create(await change('hz: 2\n'));
  const open = await host.pullRequests.openFrom(name);
  expect(open).toMatchObject({ number, url: expect.stringContaining(`/pull/${number}`) });
  if (!open) throw new Error('none is open');
  await host.pullRequests.addCommit({ ...(await change('hz: 3\n')), revision: open.head });
  const head = (await host.pullRequests.openFrom(name))?.head ?? '';
  expect(head).not.toBe(open.head);
  expect(await host.commits.at(head).read(path)).toBe('hz: 3\n');
  // Someone else was faster.
  const late = { ...(await change('hz: 4\n')), revision: open.head };
  await expect(host.pullRequests.addCommit(late)).rejects.toMatchObject({ code: 'GITHUB_FAILED' });
});

it('does not take a branch of that name on a fork for it', async () => {
  github.people.propose({ title: 'x', files: { [path]: 'hz: 9\n' }, fork: 'mallory', by: 'mallory' });
  for (const pull of github.world.pulls.values()) pull.headRef = name;
  expect(await host.pullRequests.openFrom(name)).toBeNull();
});

it('begins a branch anew that outlived its pull request, and leaves one alone that has one', async () => {
  const first = await host.pullRequests.create(await change('hz: 2\n'));
  await expect(host.pullRequests.create(await change('hz: 3\n'))).rejects.toMatchObject({ code: 'GITHUB_FAILED' });
  expect((await host.pullRequests.openFrom(name))?.number).toBe(first.number);

  github.people.merge(first.number);
  const second = await host.pullRequests.create(await change('hz: 5\n'));
  expect(second.number).toBeGreaterThan(first.number);
  const open = await host.pullRequests.openFrom(name);
  expect(await host.commits.at(open?.head ?? '').read(path)).toBe('hz: 5\n');
});
