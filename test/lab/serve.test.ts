import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onHost } from '../../lab/hosts.ts';
import {
  begun,
  HOSTS,
  logOf,
  openBotLab,
  runIds,
  startCourier,
  takeAwayDropIn,
  textOf,
  type BotLab,
  type Courier,
} from './bot-lab.ts';
import { infoField, redisCli, underWriter } from './lab-cluster.ts';

const UNIT = 'redis-server';
/** The master does not wait for further replicas: else every synchronization takes 5 s. */
const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 0'];
const MEMORY = ['redis_maxmemory: 256mb', ...QUICK];

/** One story on one cluster: each test goes on where the last one ended. */
describe('the bot, on real hosts', () => {
  let courier: Courier;
  let lab: BotLab;

  beforeAll(async () => {
    courier = await startCourier();
    lab = await openBotLab({ webhookUrl: courier.url });
  });

  afterAll(async () => {
    await lab.close();
    await courier.close();
  });

  it('turns bare hosts into a healthy cluster after a merge, once, however often GitHub announces it', async () => {
    const pullRequest = await lab.merge('Switch replication on', QUICK);
    const { record, journal, title, text, messages, files, comments } = await lab.ended(0);

    const told = courier.answers.filter((answer) => answer.includes('was merged'));
    expect(told).toEqual(
      Array.from({ length: 3 }, () => `202 accepted: #${pullRequest} was merged, main is looked at`),
    );
    expect(record).toMatchObject({
      status: 'done',
      code: 'DONE',
      origin: { from: 'github', actor: 'alice', pullRequest },
    });
    expect(await lab.store.runs('redis', 100)).toHaveLength(1);
    expect(await lab.threads()).toBe(1);
    expect(new Set(begun(journal)).size).toBe(begun(journal).length);
    expect(begun(journal).length).toBeGreaterThan(3);

    expect(title).toMatch(/redis: .* – done$/);
    expect(text).toContain('2 of 2 replicas acknowledged');
    expect(messages.length).toBeGreaterThan(1);
    expect(files).toEqual([`${record.run}.md`]);
    expect(comments).toHaveLength(1);
    expect(comments[0]).toContain('– done');
    expect(await lab.ask('anna', 'status')).toMatch(/redis: healthy$/m);
    expect(await infoField('redis-01', 'connected_slaves')).toBe('2');
  });

  it('sets maxmemory after a second merge, under a writer: nothing restarts, nothing is lost', async () => {
    const ids = await runIds();
    const figures = await underWriter(async () => {
      const thread = await lab.threads();
      await lab.merge('Give Redis 256 MB', MEMORY);
      const { record, text } = await lab.ended(thread);
      expect(`${record.code}: ${record.message}`).toMatch(/^DONE: /);
      expect(text).toContain('256 MiB');
    });
    expect(figures).toMatchObject({ lost: 0, refused: 0 });
    expect(figures.acknowledged).toBeGreaterThan(20);
    expect(await runIds()).toEqual(ids);
    for (const host of HOSTS) expect(await redisCli(host, 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n268435456');
  });

  it('refuses an approved plan when a node was changed since, shows the new one, and changes nothing', async () => {
    await takeAwayDropIn('redis-02');
    const thread = await lab.threads();
    await lab.ask('anna', 'apply');
    await lab.buttons(thread);
    await redisCli('redis-03', 'CONFIG', 'SET', 'maxmemory', '100mb');
    const before = await stateOfHosts();

    await lab.bot.slack.click('ben', 'approval:approve');
    const { record, text, journal, messages } = await lab.ended(thread);
    expect(record).toMatchObject({ status: 'refused', code: 'STALE_PLAN' });
    expect(journal).toEqual([]);
    const plans = messages.map(textOf).filter((message) => /plan to converge/.test(message));
    expect(plans).toHaveLength(2);
    expect(plans[0]).not.toContain('redis-03');
    expect(plans[1]).toContain('redis-03');
    expect(text).toContain('No changes were made.');
    expect(await stateOfHosts()).toEqual(before);
  });

  it('puts a node right after the approval of a second person, once, though two approve at once', async () => {
    const { slack } = lab.bot;
    const thread = await lab.threads();
    await lab.ask('anna', 'apply');
    await lab.buttons(thread);
    const atFirst = slack.whispers.length;
    await slack.click('anna', 'approval:approve');
    expect(await lab.whisper('anna', atFirst)).toContain('APPROVAL_OWN');
    expect(await lab.store.runs('redis', 1)).toMatchObject([{ status: 'awaiting-approval' }]);

    const masterId = await infoField('redis-01', 'run_id');
    const before = slack.whispers.length;
    await Promise.all(['ben', 'carla'].map((person) => slack.click(person, 'approval:approve')));
    const { record, journal, text } = await lab.ended(thread);
    expect(`${record.code}: ${record.message}`).toMatch(/^DONE: /);
    expect(text.match(/Approved by/g)).toHaveLength(1);
    expect(new Set(begun(journal)).size).toBe(begun(journal).length);
    expect(begun(journal).filter((step) => step.includes('restart-unit'))).toHaveLength(1);
    const refused = slack.whispers.slice(before).map(({ message }) => textOf(message));
    expect(refused).toEqual([expect.stringContaining('APPROVAL_SPENT')]);

    expect(await infoField('redis-01', 'run_id')).toBe(masterId);
    expect(await infoField('redis-02', 'master_link_status')).toBe('up');
    expect(await lab.ask('anna', 'status')).toMatch(/redis: healthy$/m);
  });

  it('suggests the intended node, and resynchronizes a replica once someone else approves', async () => {
    const thread = await lab.threads();
    expect(await lab.ask('anna', 'staus')).toMatch(/no command “staus”.*status[^]*UNKNOWN_COMMAND/);
    expect(await lab.ask('anna', 'resync redis-3')).toMatch(/no node “redis-3”.*redis-03[^]*UNKNOWN_NODE/);
    expect(await lab.threads()).toBe(thread);

    const syncs = Number(await infoField('redis-01', 'sync_full'));
    await lab.ask('anna', 'resync redis-03');
    await lab.buttons(thread);
    await lab.bot.slack.click('ben', 'approval:approve');
    const { record } = await lab.ended(thread);
    expect(record).toMatchObject({ status: 'done', goal: { kind: 'resync', node: 'redis-03' } });
    expect(Number(await infoField('redis-01', 'sync_full'))).toBe(syncs + 1);
    expect(await infoField('redis-03', 'master_link_status')).toBe('up');
  });

  it('answers every command within the three seconds that Slack waits', async () => {
    for (const command of ['', 'help', 'status', 'plan', 'verify', 'history', 'doctor']) await lab.ask('ben', command);
    expect(lab.asked.filter(({ status }) => status !== 200)).toEqual([]);
    expect(lab.asked.filter(({ tookMs }) => tookMs >= 3000)).toEqual([]);
    expect(lab.asked.map(({ text }) => text)).toEqual(expect.arrayContaining(['apply', 'resync redis-03', 'staus']));
  });

  it('has one thread for each run, and said no password to anybody', async () => {
    const count = await lab.threads();
    expect(await lab.store.runs('redis', 100)).toHaveLength(count);
    const said = lab.bot.slack.whispers.map(({ message }) => textOf(message)).join('\n');
    const threads = await Promise.all(
      Array.from({ length: count }, async (_, thread) => (await lab.ended(thread)).text),
    );
    for (const text of [said, ...threads, await logOf(lab.bot)]) expect(text).not.toContain('lab-pass');
  });
});

/** What an upgrade by hand did: without the drop-in, Redis may not write its data directory. */
/** Files, processes and settings that a run could change. */
async function stateOfHosts(): Promise<readonly string[]> {
  const script = `sha256sum /etc/redis/redis.conf; find /etc/systemd/system -name "*.conf" -exec sha256sum {} +
    systemctl show ${UNIT} -p MainPID,ActiveEnterTimestampMonotonic,NeedDaemonReload,UnitFileState`;
  const states = await Promise.all(HOSTS.map((host) => onHost(host, script)));
  // A Redis that cannot write its temporary file sleeps 5 s of 6: the broken one is not asked.
  const settings = await Promise.all(['redis-01', 'redis-03'].map((host) => redisCli(host, 'CONFIG', 'GET', '*')));
  return [...states.map(({ stdout }) => stdout), ...settings];
}
