import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onHost } from '../../lab/hosts.ts';
import type { SlackMessage } from '../../lab/stand-in-slack.ts';
import { until } from '../../lab/until.ts';
import { openBotLab, textOf, type BotLab } from './bot-lab.ts';
import {
  PLAIN_PASSWORD,
  plainCli,
  sentinelCli,
  sentinelLines,
  sentinelsKnowEachOther,
  startSentinels,
} from './sentinels.ts';

/** One story on one cluster, with the built program and two workers. */
describe('the watch of failovers, on real hosts', () => {
  let lab: BotLab;

  beforeAll(async () => {
    lab = await openBotLab({ watchSeconds: 6, password: PLAIN_PASSWORD });
    await lab.merge('Switch replication on');
    await lab.ended(0);
    await startSentinels(() => sentinelLines());
    await sentinelsKnowEachOther();
    await lab.bot.startProcess(['--only', 'worker'], 4810);
    await until('the watch to know the master', 60, () => lab.store.watchedMaster('redis'));
  });

  afterAll(() => lab.close());

  async function message(says: RegExp): Promise<SlackMessage> {
    let roots: readonly SlackMessage[] = [];
    const found = until(`a message that says ${says}`, 40, async () => {
      roots = await lab.bot.slack.roots();
      return roots.find((root) => says.test(textOf(root))) ?? null;
    });
    return found.catch((error: unknown) => {
      throw new Error(`${String(error)}, but:\n${roots.map((root) => textOf(root)).join('\n\n')}`);
    });
  }

  async function kill(host: string): Promise<void> {
    await onHost(host, 'systemctl stop --signal=SIGKILL redis-server; systemctl kill -s SIGKILL redis-server; true');
  }

  let failover: SlackMessage;

  it('reports an automatic failover within five seconds of it', async () => {
    await kill('redis-01');
    const promoted = until('the failover', 60, async () => {
      const said = await sentinelCli('redis-02', 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'redis');
      return said !== '' && !said.startsWith('10.0.0.123') ? performance.now() : null;
    });
    failover = await message(/failed over from redis-01 to redis-0[23]/);
    expect(performance.now() - (await promoted)).toBeLessThan(5000);
    // What the first look could not tell is edited into it; what was not heard, as the watch had just begun, is said.
    for (const says of [
      /The Sentinels agreed that redis-01 was down|redisops did not hear why/,
      /Votes: [23] of 3 for the Sentinel on redis-0\d|redisops did not hear why/,
      /Writes: none were possible for about \d|how long none were possible is unknown/,
      /redis-01 does not answer\./,
      /\[ Put the new master into Git \] {2}\[ Plan the way back \]/,
    ])
      expect((await message(says)).ts).toBe(failover.ts);
  });

  it('edits the message when the old master returns, and posts no other', async () => {
    await onHost('redis-01', 'systemctl start redis-server');
    const back = await message(/redis-01 follows redis-0[23] and is in sync/);
    expect(back.ts).toBe(failover.ts);
    await until('the end of it', 50, async () => (await lab.store.failovers('redis', 5))[0]?.closedAt ?? null);
    const roots = await lab.bot.slack.roots();
    expect(roots.filter((root) => /failed over|failover in/.test(textOf(root)))).toHaveLength(1);
  });

  it('opens a pull request with the new master', async () => {
    const { slack } = lab.bot;
    const before = slack.whispers.length;
    await slack.click('ben', 'watch:failover:pull-request');
    expect(await lab.whisper('ben', before)).toMatch(/It puts the new master into Git/);
    expect(textOf(await message(/Pull request #\d+ puts the new master into Git/))).toContain('failed over');
  });

  it('reports broken replication within the time, and that it is fixed', async () => {
    const [record] = await lab.store.failovers('redis', 1);
    const master = record?.to ?? '';
    const replica = master === 'redis-02' ? 'redis-03' : 'redis-02';
    await plainCli(replica, 'CONFIG', 'SET', 'masterauth', 'wrong');
    await plainCli(replica, 'CLIENT', 'KILL', 'TYPE', 'master');
    const ill = await message(/redis: degraded/);
    await plainCli(replica, 'CONFIG', 'SET', 'masterauth', PLAIN_PASSWORD);
    const well = await message(/redis: healthy again/);
    expect(well.ts).toBe(ill.ts);
  });

  it('flags a second failover, until somebody acknowledges it', async () => {
    const [record] = await lab.store.failovers('redis', 1);
    await kill(record?.to ?? '');
    const again = await message(/second failover in \d+ min/);
    expect(textOf(again)).toContain('[ I’m on it (1 hour) ]');
    await lab.bot.slack.click('ben', 'watch:failover:known');
    expect(textOf(await message(/second failover[^]*Acknowledged by/))).toContain('Acknowledged by ben');
  });
});
