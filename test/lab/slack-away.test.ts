import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackTrouble } from '../../lab/stand-in-slack.ts';
import { until } from '../../lab/until.ts';
import { openBotLab, type BotLab } from './bot-lab.ts';

const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 0'];

/** One story on one cluster: each test goes on where the last one ended. */
describe('the bot while Slack is away', () => {
  let lab: BotLab;

  beforeAll(async () => {
    lab = await openBotLab();
    await lab.merge('Switch replication on', QUICK);
    await lab.ended(0);
  });

  afterAll(async () => {
    await lab.close();
  });

  const lastRun = (code: string, number: number) =>
    until(`run ${number} with ${code}`, 30, async () => {
      const runs = await lab.store.runs('redis', 10);
      return runs.length === number && runs[0]?.code === code ? runs[0] : null;
    });

  it.each<[SlackTrouble, number]>([
    ['error 500', 2],
    ['ratelimited', 3],
  ])('%s: a merge is applied all the same, and told once when Slack is back', async (trouble, number) => {
    const threads = await lab.threads();
    lab.bot.slack.trouble(trouble);
    const pullRequest = await lab.merge(`Give Redis ${number}00 MB`, [`redis_maxmemory: ${number}00mb`, ...QUICK]);
    await lastRun('DONE', number);
    const comments = await until('the comment', 15, async () => {
      const said = await lab.bot.github.comments(pullRequest);
      return said.length > 0 ? said : null;
    });
    expect(comments).toHaveLength(1);
    lab.bot.slack.trouble(null);
    const { title, files, text } = await lab.ended(threads, 90);
    expect([title, files]).toEqual([expect.stringMatching(/– done$/), [expect.stringMatching(/\.md$/)]]);
    expect(text).not.toContain('[ Stop ]');
    expect(await lab.threads()).toBe(threads + 1);
  });

  it('an approval that nobody could see is asked for when Slack is back', async () => {
    const threads = await lab.threads();
    lab.bot.slack.trouble('error 500');
    await lab.merge('More databases', [...QUICK, '  databases: 17']);
    await until('the approval', 30, async () => {
      const [run] = await lab.store.runs('redis', 1);
      return run?.status === 'awaiting-approval' ? run : null;
    });
    lab.bot.slack.trouble(null);
    await lab.buttons(threads);
    await lab.bot.slack.click('ben', 'approval:deny');
    expect((await lab.ended(threads)).record.code).toBe('APPROVAL_DENIED');
  });

  it('a stop takes at most 10 s while Slack hangs, and the next process tells the end once', async () => {
    const threads = await lab.threads();
    lab.bot.slack.trouble('hang');
    await lab.merge('Give Redis 500 MB', ['redis_maxmemory: 500mb', ...QUICK]);
    await lastRun('DONE', 5);
    const [process] = lab.bot.processes;
    const began = performance.now();
    process?.kill('SIGTERM');
    await until('the end of the process', 60, async () => (process?.exitCode === null ? null : true));
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(process?.exitCode).toBe(0);
    lab.bot.slack.trouble(null);
    await lab.bot.startProcess([]);
    expect((await lab.ended(threads, 90)).title).toMatch(/– done$/);
    expect(await lab.threads()).toBe(threads + 1);
  });
});
