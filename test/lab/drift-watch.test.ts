import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackMessage } from '../../lab/stand-in-slack.ts';
import { until } from '../../lab/until.ts';
import { openBotLab, textOf, type BotLab } from './bot-lab.ts';
import { redisCli } from './lab-cluster.ts';

const QUICK = ['redis_maxmemory: 256mb', 'redis_config:', '  repl-diskless-sync-delay: 0'];

/** One story on one cluster, with the built program. */
describe('the watch for drift, on real hosts', () => {
  let lab: BotLab;
  let queue: Redis;

  beforeAll(async () => {
    lab = await openBotLab();
    queue = new Redis({ path: join(lab.bot.stateDirectory, 'queue', 'redis.sock') });
    await lab.merge('Switch replication on', QUICK);
    await lab.ended(0);
  });

  afterAll(async () => {
    queue.disconnect();
    await lab.close();
  });

  /** The drift message, once it matches. */
  function message(says: RegExp): Promise<SlackMessage> {
    return until(`a message that says ${says}`, 20, async () => {
      const roots = await lab.bot.slack.roots();
      return roots.find((root) => says.test(textOf(root))) ?? null;
    });
  }

  /** Makes the next look due now instead of in 15 minutes. */
  async function due(): Promise<void> {
    await queue.hset('redisops:drift-turn:redis', 'due', '0');
  }

  it('reports a manual change once, even with a second worker', async () => {
    await redisCli('redis-02', 'CONFIG', 'SET', 'maxmemory', '100mb');
    await due();
    const said = textOf(await message(/drifted from Git/));
    expect(said).toMatch(/redis-02 +running +maxmemory/);
    expect(said).toContain('[ Apply Git ]  [ Open a pull request ]  [ Ignore for 1 day ]  [ Ignore for 1 week ]');
    await lab.bot.startProcess(['--only', 'worker'], 4810);
    await due();
    await until('the next look', 20, async () =>
      (await queue.hget('redisops:drift-turn:redis', 'due')) === '0' ? null : true,
    );
    expect(await lab.threads()).toBe(2);
  });

  it('applies for the person who clicks, and reports that it is gone', async () => {
    await lab.bot.slack.click('anna', 'drift:apply');
    const { record } = await lab.ended(2);
    expect(record).toMatchObject({ status: 'done', origin: { from: 'slack', actor: lab.bot.slack.person('anna') } });
    expect(textOf(await message(/no more drift/))).toMatch(/all nodes match Git/);
    expect(await redisCli('redis-02', 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n268435456');
    expect(await lab.threads()).toBe(3);
    expect(await lab.ask('anna', 'drift')).toContain('redis: no drift');
  });

  it('opens a pull request that keeps what a node has, for all nodes once it is merged', async () => {
    const { slack, github } = lab.bot;
    await redisCli('redis-02', 'CONFIG', 'SET', 'slowlog-max-len', '777');
    await due();
    await message(/redis-02 +running +slowlog-max-len[^]*Open a pull request/);
    const before = slack.whispers.length;
    await slack.click('ben', 'drift:pull-request');
    const answer = await lab.whisper('ben', before);
    const number = Number(/Pull request #(\d+)/.exec(answer)?.[1]);
    expect(textOf(await message(/Pull request #\d+ keeps/))).not.toContain('[ Open a pull request ]');
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'slowlog-max-len')).toBe('slowlog-max-len\n128');

    const threads = await lab.threads();
    await github.merge(number);
    expect((await lab.ended(threads)).record).toMatchObject({ status: 'done', origin: { pullRequest: number } });
    await until('both drifts gone', 20, async () => {
      const roots = await slack.roots();
      return roots.filter((root) => /no more drift/.test(textOf(root))).length === 2 ? true : null;
    });
    for (const host of ['redis-01', 'redis-02', 'redis-03'])
      expect(await redisCli(host, 'CONFIG', 'GET', 'slowlog-max-len')).toBe('slowlog-max-len\n777');
  });
});
