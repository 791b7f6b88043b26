import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GROUP_VARIABLES, exampleRepository } from '../../lab/example-repository.ts';
import { startGitStandIn, type GitStandIn } from '../../lab/git-github/stand-in.ts';
import type { CheckRun } from '../../lab/git-github/world.ts';
import { until } from '../../lab/until.ts';
import { openBotLab, runIds, type BotLab } from './bot-lab.ts';
import { PASSWORD, redisCli } from './lab-cluster.ts';

/** The master does not wait for further replicas: else every synchronization takes 5 s. */
const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 0'];

const variables = (...lines: string[]) =>
  exampleRepository({ password: PASSWORD.replaceAll('"', '\\"'), replication: true, variables: [...QUICK, ...lines] })[
    GROUP_VARIABLES
  ] ?? '';

/** One story on one cluster: each test goes on where the last one ended. */
describe('pull requests, on real hosts', () => {
  let github: GitStandIn;
  let lab: BotLab;

  beforeAll(async () => {
    lab = await openBotLab({
      github: async (options) => {
        github = await startGitStandIn({ ...options, app: true });
        return github;
      },
    });
  });

  afterAll(async () => {
    await lab.close();
    const mistakes = [...github.git.mistakes, ...github.git.webhooks.mistakes];
    if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  });

  const propose = (text: string, more: object = {}): number =>
    github.git.people.propose({ title: 'Change', files: { [GROUP_VARIABLES]: text }, ...more });

  const checkOf = (number: number): Promise<CheckRun> =>
    until(`the check of #${number}`, 20, async () => {
      const head = github.git.world.pulls.get(number)?.head;
      const checks = [...github.git.world.checks.values()].filter((check) => check.head === head);
      return checks.find(({ status }) => status === 'completed') ?? null;
    });

  const commentsOf = (number: number) =>
    [...github.git.world.comments.values()].filter(({ issue }) => issue === number);

  it('a merge is a deployment, from queued to success, with the way to its thread', async () => {
    await lab.merge('Switch replication on', QUICK);
    const { record, root } = await lab.ended(0);
    expect(record.code).toBe('DONE');
    const deployment = await until('the deployment', 10, async () => {
      const [found] = github.git.world.deployments.values();
      return found?.statuses.some(({ state }) => state === 'success') === true ? found : null;
    });
    expect(deployment).toMatchObject({ environment: 'redis', sha: record.revision, payload: { run: record.run } });
    expect(deployment.statuses.map(({ state }) => state)).toEqual(['queued', 'in_progress', 'success']);
    for (const { logUrl } of deployment.statuses) expect(logUrl).toContain(root.ts.replace('.', ''));
    const statuses = github.git.world.statuses.filter(({ sha }) => sha === record.revision);
    expect(statuses.map(({ context, state }) => [context, state])).toEqual(
      ['pending', 'pending', 'success'].map((state) => ['redisops/apply redis', state]),
    );
  });

  it('a pull request gets a comment and a check on its line; a push edits the same comment', async () => {
    const ids = await runIds();
    const number = propose(variables('redis_maxmemory: 256mb'));
    const check = await checkOf(number);
    expect(check).toMatchObject({ name: 'redisops/plan', conclusion: 'success' });
    const lines = variables('redis_maxmemory: 256mb').split('\n');
    expect(check.annotations.map(({ path, start_line: line, message }) => [path, lines[line - 1], message])).toEqual([
      [GROUP_VARIABLES, 'redis_maxmemory: 256mb', expect.stringMatching(/^Set live on redis-/)],
    ]);
    const [first] = commentsOf(number);
    expect(first?.body).toMatch(/maxmemory.*256 MiB/);
    expect(first?.body).toContain('No full synchronization, no restart');
    expect(JSON.stringify([commentsOf(number), check])).not.toContain(PASSWORD);

    github.git.people.pushTo(number, { [GROUP_VARIABLES]: variables('redis_maxmemory: 300mb') });
    await checkOf(number);
    expect(commentsOf(number).map(({ id }) => id)).toEqual([first?.id]);
    expect(commentsOf(number)[0]?.body).toMatch(/maxmemory.*300 MiB/);
    expect(await runIds()).toEqual(ids);
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n0');
  });

  it('one that needs restarts is neutral, with figures; one with a mistake fails on its line', async () => {
    await redisCli('redis-01', 'SET', 'kept', 'x'.repeat(1000));
    const number = propose(variables('  databases: 32'));
    const wrong = propose(variables('  maxclientz: 12'));
    const check = await checkOf(number);
    expect(check).toMatchObject({ conclusion: 'neutral', title: expect.stringContaining('needs an approval') });
    expect(check.annotations.map(({ message }) => message)).toEqual([expect.stringMatching(/^Needs a restart of /)]);
    const text = commentsOf(number)[0]?.body ?? '';
    expect(text).toMatch(
      /\| redis-02 \| restart \| only if the backlog .* \| up to [\d.]+ [KM]iB \| [\d.]+ m?s \| no \|/,
    );
    expect(text).toMatch(/\| redis-01 \| hands its role over \| no \| .* \| milliseconds/);

    const failed = await checkOf(wrong);
    const lines = variables('  maxclientz: 12').split('\n');
    expect(failed.conclusion).toBe('failure');
    const mistakes = failed.annotations.filter(({ annotation_level: level }) => level === 'failure');
    expect(mistakes.map(({ start_line: line }) => lines[line - 1])).toEqual(['  maxclientz: 12']);
  });

  it('one of a fork waits for a maintainer’s word, and shows no values then', async () => {
    const number = propose(variables('redis_maxmemory: 1gb'), { fork: 'mallory', by: 'mallory' });
    expect(await checkOf(number)).toMatchObject({ conclusion: 'action_required' });
    const [ask = ''] = /\/redisops plan [0-9a-f]{12}/.exec(commentsOf(number)[0]?.body ?? '') ?? [];
    github.git.people.comment(number, 'alice', ask);
    const text = await until('the plan', 20, async () => {
      const body = commentsOf(number)[0]?.body ?? '';
      return body.includes('What would change') ? body : null;
    });
    expect(text).toContain('maxmemory');
    expect(text).not.toMatch(/1gb|1 GiB|10\.0\.0/);
  });

  it('a setting that is asked for in chat is one, on the nodes once it is merged', async () => {
    const first = await lab.ask('anna', 'set maxmemory 192mb');
    const number = Number(/pull request #(\d+) sets maxmemory/.exec(first)?.[1]);
    expect(first).toContain('Set maxmemory 0 → 192mb (live, no restart)');
    expect(github.git.world.pulls.get(number)?.headRef).toBe('redisops/set-redis-maxmemory');
    await checkOf(number);
    const again = await lab.ask('anna', 'set redis_maxmemory 160mb');
    expect(again).toContain(`pull request #${number} now sets`);
    expect(await lab.ask('anna', 'set maxmemory 160mb')).toContain(`pull request #${number} sets already`);
    // Its asker’s own review would count on GitHub.
    const check = await checkOf(number);
    expect(check.conclusion).toBe('action_required');
    expect(JSON.stringify(check)).toContain('Waits for an approving review by someone other than');
    expect(commentsOf(number)[0]?.body).toMatch(/maxmemory.*160 MiB/);
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n0');

    const threads = await lab.threads();
    github.git.people.merge(number);
    expect((await lab.ended(threads)).record.code).toBe('DONE');
    expect(await redisCli('redis-03', 'CONFIG', 'GET', 'maxmemory')).toBe(`maxmemory\n${160 * 2 ** 20}`);

    // The branch outlived its pull request, as GitHub leaves it.
    const next = await lab.ask('anna', 'set maxmemory 192mb');
    expect(Number(/pull request #(\d+) sets maxmemory/.exec(next)?.[1])).toBeGreaterThan(number);
  });
});
