import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackMessage } from '../../lab/stand-in-slack.ts';
import { until } from '../../lab/until.ts';
import { openBotLab, textOf, type BotLab } from './bot-lab.ts';
import { redisCli } from './lab-cluster.ts';

/** One story on one cluster, with the built program. */
describe('the watch of health, on real hosts', () => {
  let lab: BotLab;

  beforeAll(async () => {
    lab = await openBotLab({ watchSeconds: 4 });
    await lab.merge('Switch replication on', ['redis_config:', '  repl-diskless-sync-delay: 0', '  save: "3600 1"']);
    await lab.ended(0);
  });

  afterAll(() => lab.close());

  function message(says: RegExp): Promise<SlackMessage> {
    return until(`a message that says ${says}`, 40, async () => {
      const roots = await lab.bot.slack.roots();
      return roots.find((root) => says.test(textOf(root))) ?? null;
    });
  }

  it('says nothing of hosts that are not set up, nor of a healthy cluster', async () => {
    expect(await lab.threads()).toBe(1);
  });

  it('reports broken replication in one message, even with a second worker, until it is fixed', async () => {
    await lab.bot.startProcess(['--only', 'worker'], 4810);
    await redisCli('redis-02', 'REPLICAOF', '10.0.0.125', '6379');
    const said = await message(/redis: degraded/);
    expect(textOf(said)).toMatch(/redis-02 follows redis-03, not redis-01/);
    expect(textOf(said)).toContain('[ I’m on it (1 hour) ]');
    await redisCli('redis-02', 'REPLICAOF', '10.0.0.123', '6379');
    const over = await message(/redis: healthy again/);
    expect(over.ts).toBe(said.ts);
    expect(await lab.threads()).toBe(2);
  });

  it('reports lost persistence, and who acknowledged it', async () => {
    const { slack } = lab.bot;
    await redisCli('redis-03', 'CONFIG', 'SET', 'save', '');
    await message(/PERSISTENCE_OFF/);
    await slack.click('ben', 'watch:health:known');
    expect(textOf(await message(/Acknowledged by/))).toMatch(
      /Acknowledged by ben \(U\w+\): known\. From .* UTC until .* UTC/,
    );
    await redisCli('redis-03', 'CONFIG', 'SET', 'save', '3600 1');
    await until('the end of it', 40, async () => {
      const record = await lab.store.health('redis');
      return record?.state === 'well' || null;
    });
    expect(textOf((await slack.roots()).at(-1) ?? { text: '', blocks: [] })).toContain('redis: healthy again');
    const audited = await lab.audited();
    expect(audited.map(({ what }) => what)).toContain('health: known');
  });
});
