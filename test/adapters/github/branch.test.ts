import { afterEach, beforeEach, expect, it } from 'vitest';
import { BOT_TOKEN, startGitGitHub, type GitGitHub } from '../../../lab/git-github/server.ts';
import { gitHub } from '../../../src/adapters/github/github.ts';
import { Secret } from '../../../src/domain/secret.ts';

let standIn: GitGitHub;

beforeEach(async () => {
  standIn = await startGitGitHub();
});

afterEach(async () => {
  await standIn.close();
  if (standIn.mistakes.length > 0) throw new Error(standIn.mistakes.join('\n'));
});

function headOf(branch: string, repository = 'acme/infra'): Promise<string> {
  const identity = { kind: 'token', token: new Secret(BOT_TOKEN) } as const;
  return gitHub({ repository, identity, apiUrl: standIn.url, timeoutMs: 2000, backOffMs: 1 }).commits.head(branch);
}

it('names the existing branches if the configured one is missing', async () => {
  standIn.people.push('main', { 'a.yml': 'a: 1\n' }, 'First');
  standIn.world.repository.setRef('refs/heads/trunk', standIn.head());
  expect(await headOf('main')).toBe(standIn.head());
  await expect(headOf('master')).rejects.toMatchObject({
    code: 'GITHUB_FAILED',
    message: 'acme/infra has no branch “master”.',
    hint: 'It has main, trunk. Set GITHUB_BRANCH to the branch whose merges are to be applied.',
  });
});

it('questions the repository only if it cannot be seen', async () => {
  await expect(headOf('main', 'acme/other')).rejects.toMatchObject({
    code: 'GITHUB_FAILED',
    hint: expect.stringContaining('Check the name acme/other') as string,
  });
});
