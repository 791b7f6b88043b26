import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logOf, openBotLab, takeAwayDropIn, type BotLab } from './bot-lab.ts';
import { redisCli } from './lab-cluster.ts';

const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 0'];

/** A person in the channel of a healthy cluster. */
let lab: BotLab;

beforeAll(async () => {
  lab = await openBotLab();
  await lab.merge('Switch replication on', QUICK);
  await lab.ended(0);
});

afterAll(() => lab.close());

describe('a setting from chat', () => {
  it('that would block the plan opens no pull request', async () => {
    const answer = await lab.ask('anna', 'set port 6380');
    expect(answer).toMatch(/port cannot be set to “6380”[^]*redis-01 runs on port 6379[^]*No pull request was opened/);
    expect(answer).toContain('DIRECTIVE_NOT_LIVE');
    const lots = await lab.ask('anna', 'set maxmemory lots');
    expect(lots).toMatch(/maxmemory cannot be set: redis_maxmemory must be a size[^]*redis_maxmemory: "lots"/);
  });

  it('that opens the host says so', async () => {
    const answer = await lab.ask('anna', 'set bind 0.0.0.0');
    expect(answer).toMatch(/pull request #2 sets bind 0\.0\.0\.0/);
    expect(answer).toContain('listens on every address of the host (bind 0.0.0.0): whoever reaches the host');
    expect(answer).not.toContain('is removed');
  });
});

describe('a run', () => {
  /** Lines of the log at `info` and above about this run: `queued by anna`. */
  const linesOf = async (run: string): Promise<readonly string[]> => {
    const lines = (await logOf(lab.bot)).split('\n').filter((line) => line.includes(`"run":"${run}"`));
    return lines.flatMap((line) => {
      const { level, msg, by, cluster } = JSON.parse(line) as Record<string, string>;
      return level === 'debug' || !msg?.startsWith('run ') ? [] : [`${cluster}: ${msg} by ${by}`];
    });
  };

  it('has one line in the log for each turn, with the person', async () => {
    await takeAwayDropIn('redis-02');
    const thread = await lab.threads();
    await lab.ask('anna', 'apply');
    await lab.buttons(thread);
    await lab.bot.slack.click('ben', 'approval:approve');
    const { record } = await lab.ended(thread);
    expect(record).toMatchObject({ code: 'DONE', decidedBy: 'ben', origin: { name: 'anna' } });
    const [anna, ben] = ['anna', 'ben'].map((name) => `${name} (${lab.bot.slack.person(name)})`);
    expect(await linesOf(record.run)).toEqual([
      `redis: run queued by ${anna}`,
      `redis: run approved by ${ben}`,
      `redis: run done by ${anna}`,
    ]);
  });

  it('that is stopped says so in the history, with names, its duration and its ID', async () => {
    await redisCli('redis-03', 'CONFIG', 'SET', 'maxmemory', '100mb');
    await takeAwayDropIn('redis-02');
    const thread = await lab.threads();
    await lab.ask('anna', 'apply');
    await lab.buttons(thread);
    await lab.ask('anna', 'stop');
    const { record } = await lab.ended(thread);
    const history = await lab.ask('ben', 'history');
    expect(history).toMatch(new RegExp(`by +anna\ntook +[0-9.]+ s\noutcome +stopped\nrun +${record.run}`));
    expect(history).toContain('Stopped by anna. (STOPPED)');
    expect(history).not.toMatch(/\b0 ms\b|\bU[0-9A-Z]{8}/);
  });

  it('that is refused at once leaves a line without a stack', async () => {
    await lab.ask('ben', 'resync redis-99');
    const line = (await logOf(lab.bot)).split('\n').find((each) => each.includes('UNKNOWN_NODE')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ level: 'info', msg: 'a request of Slack’s was refused' });
    expect(line).not.toContain('stack');
  });

  it('is counted with the requests that brought it', async () => {
    const metrics = await (await fetch(`${lab.bot.url}/metrics`)).text();
    expect(metrics).toMatch(/redisops_webhooks_total\{source="slack",outcome="accepted"\} \d+/);
  });
});
