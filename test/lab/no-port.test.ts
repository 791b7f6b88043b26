import { readlink } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GROUP_VARIABLES, exampleRepository } from '../../lab/example-repository.ts';
import { startGitStandIn, type GitStandIn } from '../../lab/git-github/stand-in.ts';
import { restoreNetwork, slowNetwork } from '../../lab/network.ts';
import { until } from '../../lab/until.ts';
import { openBotLab, textOf, type BotLab } from './bot-lab.ts';
import { infoField, PASSWORD, redisCli } from './lab-cluster.ts';

/** The master does not wait for further replicas: otherwise every synchronization takes 5 s. */
const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 0'];
/** 2 MB of incompressible data. */
const FILL = `for i=1,500 do
  local text = ''
  for j=1,100 do text = text .. redis.sha1hex(i..':'..j) end
  redis.call('SET', 'data:'..i, text)
end`;

const variables = (...lines: string[]) =>
  exampleRepository({ password: PASSWORD.replaceAll('"', '\\"'), replication: true, variables: [...QUICK, ...lines] })[
    GROUP_VARIABLES
  ] ?? '';

/** One story on one cluster: each test goes on where the last one ended. No webhook goes out, and there is no door for one. */
describe('polling and Socket Mode, in a network with nothing but the bot', () => {
  let github: GitStandIn;
  let lab: BotLab;

  beforeAll(async () => {
    lab = await openBotLab({
      noPort: true,
      github: async (options) => {
        github = await startGitStandIn({ ...options, app: true });
        github.git.webhooks.hold(true);
        return github;
      },
    });
  });

  afterAll(async () => {
    await restoreNetwork('redis-03');
    await lab.close();
    if (github.git.mistakes.length > 0) throw new Error(github.git.mistakes.join('\n'));
  });

  /** Nothing listens, although bot, worker and the queue’s Redis are running and talk to Slack and to the nodes. */
  const expectNoPort = async (): Promise<void> => {
    const network = lab.bot.network;
    const bot = lab.bot.processes[0]?.pid ?? 0;
    const place = await Promise.all([bot, await lab.queueProcess()].map((pid) => readlink(`/proc/${pid}/ns/net`)));
    expect(place[1]).toBe(place[0]);
    expect(place[0]).not.toBe(await readlink('/proc/self/ns/net'));
    expect(await network?.sockets('-lt')).toEqual([]);
    expect(await network?.sockets('-lu')).toEqual([]);
    const slack = new URL(lab.bot.slack.apiUrl).host;
    expect((await network?.sockets('-t', 'state', 'established'))?.join('\n')).toContain(slack);
  };

  const merge = (title: string, text: string): string => {
    const number = github.git.people.propose({ title, files: { [GROUP_VARIABLES]: text } });
    return github.git.people.merge(number);
  };

  const recordsOf = async (commits: readonly string[]) => {
    const records = await lab.store.runs('redis', 100);
    return commits.map((commit) => records.filter(({ revision }) => revision === commit));
  };

  it('listens nowhere, answers a command over the socket, and applies a merge once', async () => {
    await expectNoPort();
    const commit = merge('Switch replication on', variables());
    expect(await lab.ask('anna', 'status')).toMatch(/redis: /);
    const { record } = await lab.ended(0);
    expect(record).toMatchObject({ code: 'DONE', revision: commit, origin: { from: 'github', pullRequest: 1 } });
    expect(await lab.ask('anna', 'status')).toMatch(/redis: healthy$/m);
    expect(lab.asked.map(({ status }) => status)).toEqual([200, 200]);
    expect(await infoField('redis-01', 'connected_slaves')).toBe('2');
    await expectNoPort();
  });

  it('plans a pull request', async () => {
    const text = variables('redis_maxmemory: 300mb');
    const number = github.git.people.propose({ title: 'Give Redis 300 MB', files: { [GROUP_VARIABLES]: text } });
    const comment = await until('the plan', 20, async () => (await github.comments(number))[0] ?? null);
    expect(comment).toMatch(/maxmemory.*300 MiB/);
    github.git.people.close(number);
  });

  it('takes an approval over the socket; of two merges meanwhile the newest wins, the other is named', async () => {
    await redisCli('redis-01', 'EVAL', FILL, '0');
    const syncs = Number(await infoField('redis-01', 'sync_full'));
    await lab.ask('anna', 'resync redis-03');
    await lab.buttons(1);
    // The full synchronization takes as long as finding the two takes.
    await slowNetwork('redis-03', 1500);
    expect(await lab.bot.slack.click('ben', 'approval:approve')).toMatchObject({ status: 200 });
    const resync = await lab.inTheMiddle(1, 'resync');
    const commits = [
      merge('Give Redis 256 MB', variables('redis_maxmemory: 256mb')),
      merge('Give Redis 400 MB', variables('redis_maxmemory: 400mb')),
    ];
    await until('a run of each merge', 15, async () =>
      (await recordsOf(commits)).every((runs) => runs.length > 0) ? true : null,
    );
    expect((await lab.store.run(resync))?.status).toBe('running');
    await restoreNetwork('redis-03');

    expect((await lab.ended(1)).record).toMatchObject({ code: 'DONE', run: resync });
    expect(Number(await infoField('redis-01', 'sync_full'))).toBe(syncs + 1);
    const [skipped, applied] = await Promise.all([lab.ended(2), lab.ended(3)]);
    expect(skipped.record).toMatchObject({ code: 'SUPERSEDED', revision: commits[0] });
    expect(skipped.text).toContain(String(commits[1]).slice(0, 12));
    expect(applied.record).toMatchObject({ code: 'DONE', revision: commits[1] });
    expect(await redisCli('redis-02', 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n419430400');
    expect((await recordsOf(commits)).map((runs) => runs.length)).toEqual([1, 1]);
    expect(lab.bot.slack.whispers.map(({ message }) => textOf(message)).join()).not.toContain(PASSWORD);
    expect(await lab.threads()).toBe(4);
    await expectNoPort();
  });
});
