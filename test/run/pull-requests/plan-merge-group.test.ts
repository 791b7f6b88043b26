import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APP_TOKEN, BOT_TOKEN, startGitGitHub, type GitGitHub } from '../../../lab/git-github/server.ts';
import { exampleRepository, GROUP_VARIABLES } from '../../../lab/example-repository.ts';
import { until } from '../../../lab/until.ts';
import { gitHub } from '../../../src/adapters/github/github.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { planMergeGroup } from '../../../src/run/pull-requests/plan-merge-group.ts';
import { watchMergeGroups } from '../../../src/run/pull-requests/merge-group-watch.ts';
import { portsOf } from '../../ports.ts';

// Git is a process for each thing that is asked of it.

let github: GitGitHub;

beforeEach(async () => {
  github = await startGitGitHub();
  github.people.push('main', exampleRepository({ password: 'canary-of-base', replication: true }), 'Ours');
});

afterEach(async () => {
  await github.close();
  const mistakes = [...github.mistakes, ...github.webhooks.mistakes];
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
});

function portsFor(token = APP_TOKEN) {
  const settings = {
    repository: github.repository,
    identity: { kind: 'token' as const, token: new Secret(token) },
    apiUrl: github.url,
    backOffMs: 1,
  };
  return { ...portsOf(), ...gitHub(settings), branch: 'main' };
}

const variables = (...lines: string[]) =>
  exampleRepository({ password: 'canary-of-base', replication: true, variables: lines })[GROUP_VARIABLES] ?? '';
const enqueued = (files: Record<string, string>) =>
  github.people.enqueue(github.people.propose({ title: 'Change', files }));
const checks = () => [...github.world.checks.values()];

describe('a merge group', () => {
  it('gets the check that its branch asks for, and no comment; without values', async () => {
    const commit = enqueued({ [GROUP_VARIABLES]: variables('redis_maxmemory: 256mb') });
    await planMergeGroup(commit, portsFor());
    expect(checks()).toMatchObject([
      { name: 'redisops/plan', head: commit, status: 'completed', conclusion: 'failure', title: 'Blocked: redis' },
    ]);
    const [check] = checks();
    expect(check?.summary).toContain('SSH_UNREACHABLE');
    expect(JSON.stringify(check)).not.toMatch(/canary|268435456|10\.0\.0\.123/);
    expect(github.world.comments.size).toBe(0);
  });

  it('says with a plain token the same as a commit status', async () => {
    const commit = enqueued({ [GROUP_VARIABLES]: variables('redis_maxmemory: 256mb') });
    await planMergeGroup(commit, portsFor(BOT_TOKEN));
    expect(github.world.statuses.map(({ sha, context, state }) => ({ sha, context, state }))).toEqual([
      { sha: commit, context: 'redisops/plan', state: 'pending' },
      { sha: commit, context: 'redisops/plan', state: 'failure' },
    ]);
  });

  it.each<[string, Record<string, string>, string, string]>([
    ['that changes no managed file passes', { 'README.md': 'hello' }, 'neutral', 'No managed file changed'],
    [
      'with mistakes fails, and says in which file',
      { [GROUP_VARIABLES]: variables('redis_maxmemroy: 1') },
      'failure',
      'No plan for redis',
    ],
  ])('%s', async (_, files, conclusion, title) => {
    await planMergeGroup(enqueued(files), portsFor());
    expect(checks()).toMatchObject([{ conclusion, title }]);
    // A mistake may quote what a stranger’s template made of a value.
    expect(JSON.stringify(checks())).not.toContain('memroy');
  });

  it('that mends redisops.yml of the branch is not held up by its mistakes', async () => {
    github.people.push('main', { 'redisops.yml': 'clusters: 7\n' }, 'Broken');
    await planMergeGroup(enqueued({ 'redisops.yml': 'clusters:\n  redis: {}\n' }), portsFor());
    await planMergeGroup(enqueued({ [GROUP_VARIABLES]: variables('redis_maxmemory: 1gb') }), portsFor());
    expect(checks().map(({ conclusion }) => conclusion)).toEqual(['neutral', 'failure']);
  });
});

describe('the merge queue', () => {
  it('is found without a webhook, each group once; groups of other branches are not ours', async () => {
    const ports = portsFor();
    const first = enqueued({ 'README.md': 'one' });
    for (const base of ['release', 'main/next']) {
      github.world.repository.setRef(`refs/heads/gh-readonly-queue/${base}/pr-9-abc`, github.head());
    }
    const watch = watchMergeGroups(ports, 50);
    try {
      await until('the first group’s check', 10, async () => checks().length === 1 || null);
      const second = enqueued({ 'README.md': 'two' });
      await until('the second group’s check', 10, async () => checks().length === 2 || null);
      expect(checks().map(({ head }) => head)).toEqual([first, second]);
    } finally {
      await watch.close();
    }
    expect(checks()).toHaveLength(2);
  });

  it('is retried if GitHub failed, and one group’s failure does not block another', async () => {
    const tried: string[] = [];
    const ports = { ...portsFor(), pullRequests: { ...portsFor().pullRequests, mergeGroups: async () => ['a', 'b'] } };
    const watch = watchMergeGroups(ports, 20, async (commit) => {
      tried.push(commit);
      if (commit === 'a' && tried.length < 3) throw new Error('GitHub does not answer');
      return { title: 'planned' };
    });
    try {
      await until('both', 10, async () => tried.length === 3 || null);
    } finally {
      await watch.close();
    }
    expect(tried).toEqual(['a', 'b', 'a']);
  });
});
