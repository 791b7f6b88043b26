import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onHost } from '../../lab/hosts.ts';
import { until } from '../../lab/until.ts';
import { begun, HOSTS, openBotLab, textOf, type BotLab } from './bot-lab.ts';
import { infoField, redisCli, underWriter } from './lab-cluster.ts';

const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 0'];
const MORE_DATABASES = [...QUICK, '  databases: 20'];
/** All day but its last minute. */
const FREEZE = `clusters:
  redis:
    freeze:
      - {cron: 0 0 * * *, minutes: 1439, reason: audit}
`;

/** One story on one cluster, with the built program. */
describe('what holds a run up, on real hosts', () => {
  let lab: BotLab;

  beforeAll(async () => {
    lab = await openBotLab();
    await lab.merge('Switch replication on', QUICK);
    await lab.ended(0);
  });

  afterAll(() => lab.close());

  /** The channel’s newest root message, once it says this. */
  function newest(says: RegExp): Promise<string> {
    return until(`a message that says ${says}`, 30, async () => {
      const text = textOf((await lab.bot.slack.roots()).at(-1) ?? { text: '', blocks: [] });
      return says.test(text) ? text : null;
    });
  }

  it('stops amid a rolling restart, without a lost write, with files that name the roles that are', async () => {
    const merge = await lab.threads();
    await lab.merge('More databases', MORE_DATABASES);
    await lab.buttons(merge);
    await lab.bot.slack.click('ben', 'approval:deny');
    await lab.ended(merge);
    const thread = merge + 1;
    const figures = await underWriter(async () => {
      await lab.ask('anna', 'apply');
      await lab.buttons(thread);
      await lab.bot.slack.click('ben', 'approval:approve');
      await lab.inTheMiddle(thread, 'restart-unit');
      expect(await lab.ask('anna', 'stop')).toMatch(/ends at its next safe point/);
      const { record, journal, title, text } = await lab.ended(thread);
      expect(record).toMatchObject({
        status: 'failed',
        code: 'STOPPED',
        stop: { by: expect.stringMatching(/^U/) },
      });
      expect(record.message).toMatch(/^Stopped by U\w+\.$/);
      expect(title).toMatch(/– stopped$/);
      expect(text).toContain('State of each node');
      expect(begun(journal).length).toBeLessThan(new Set(journal.map(({ step }) => step)).size + 1);
      const handedOver = journal.filter(({ action }) => action === 'hand-over');
      expect(handedOver.map(({ state }) => state)).toEqual(handedOver.length === 0 ? [] : ['began', 'ended']);
    });
    expect(figures).toMatchObject({ lost: 0 });
    for (const host of HOSTS) expect(await roleInFile(host)).toBe(await roleNow(host));
  });

  it('goes on from there when asked again', async () => {
    const thread = await lab.threads();
    await lab.ask('anna', 'apply');
    // The stop may have come before the old master's restart, or after it.
    const isLeft = await until('a plan or an end', 30, async () => {
      const [run] = await lab.store.runs('redis', 1);
      if (run?.status === 'awaiting-approval') return { code: 'DONE' };
      return run?.status === 'nothing-to-do' ? { code: 'NOTHING_TO_DO' } : null;
    });
    if (isLeft.code === 'DONE') {
      await lab.buttons(thread);
      await lab.bot.slack.click('ben', 'approval:approve');
    }
    expect((await lab.ended(thread)).record.code).toBe(isLeft.code);
    for (const host of HOSTS) expect(await databases(host)).toBe('20');
  });

  it('lets a merge wait while the cluster is locked, also for a worker that comes later', async () => {
    expect(await lab.ask('anna', 'lock "new disks" for 2h')).toContain('redis is locked');
    expect(await lab.ask('ben', 'status')).toMatch(/redis is locked by U\w+ until .*: new disks/);
    const thread = await lab.threads();
    await lab.merge('Give Redis 256 MB', ['redis_maxmemory: 256mb', ...MORE_DATABASES]);
    await newest(/converge to Git waits[^]*new disks/);
    expect(await lab.ask('anna', 'apply')).toMatch(/locked by U\w+ until .*: new disks[^]*CLUSTER_LOCKED/);
    expect(await lab.threads()).toBe(thread + 1);
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n0');

    await lab.bot.startProcess(['--only', 'worker'], 4810);
    expect(await lab.ask('ben', 'unlock')).toContain('redis is unlocked');
    expect((await lab.ended(thread)).record).toMatchObject({ code: 'DONE', origin: { from: 'github' }, attempt: 2 });
    for (const host of HOSTS) expect(await redisCli(host, 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n268435456');
  });

  it('overrides a freeze only with a second person, whatever the plan does', async () => {
    const { github, slack } = lab.bot;
    await github.merge(await github.openPullRequest('redisops.yml', FREEZE, 'Freeze for the audit'));
    await newest(/converge to Git waits[^]*audit/);
    await redisCli('redis-02', 'CONFIG', 'SET', 'maxmemory', '100mb');
    const thread = await lab.threads();
    expect(await lab.ask('anna', 'apply')).toMatch(/is frozen until .*: audit[^]*FROZEN/);
    expect(await lab.threads()).toBe(thread);

    await lab.ask('anna', 'apply --break-glass "the shop is down"');
    expect(textOf(await lab.buttons(thread))).toContain('the shop is down');
    const before = slack.whispers.length;
    await slack.click('anna', 'approval:approve');
    expect(await lab.whisper('anna', before)).toContain('APPROVAL_OWN');
    await slack.click('ben', 'approval:approve');
    const { record, text } = await lab.ended(thread);
    expect(record).toMatchObject({ code: 'DONE', breakGlass: 'the shop is down' });
    expect(text).toMatch(/Freeze overridden[^]*the shop is down/);
    expect(await redisCli('redis-02', 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n268435456');
    const trail = (await lab.audited()).map(({ what }) => what);
    expect(trail).toContain('converge to Git, overriding a freeze: the shop is down');
  });
});

async function databases(host: string): Promise<string | undefined> {
  return (await redisCli(host, 'CONFIG', 'GET', 'databases')).split('\n')[1];
}

async function roleNow(host: string): Promise<string> {
  const master = (await infoField(host, 'role')) === 'slave' ? await infoField(host, 'master_host') : 'nobody';
  return `follows ${master}`;
}

async function roleInFile(host: string): Promise<string> {
  const { stdout } = await onHost(host, `sed -n 's/^replicaof \\([^ ]*\\) .*/\\1/p' /etc/redis/redis.conf`);
  return `follows ${stdout.trim() || 'nobody'}`;
}
