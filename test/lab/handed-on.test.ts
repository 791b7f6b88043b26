import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onHost } from '../../lab/hosts.ts';
import { until } from '../../lab/until.ts';
import { HOSTS, logOf, openBotLab, type BotLab, type SeenRun } from './bot-lab.ts';
import { underWriter } from './lab-cluster.ts';

/** Time to detect a job with an expired lock, plus the rest of the run. */
const TAKEN_OVER_SECONDS = 75;
const WORKER = ['--only', 'worker'];

/** One story on one cluster. Bot and workers are processes of their own. */
describe('a run that its worker loses', () => {
  let lab: BotLab;
  let worker: ChildProcess;

  beforeAll(async () => {
    lab = await openBotLab({ parameters: ['--only', 'bot'] });
    worker = await lab.bot.startProcess(WORKER, 4811);
    await lab.merge('Switch replication on');
    await lab.ended(0);
  });

  afterAll(() => lab.close());

  it('because a node’s connections break, is resumed once the node is held again', async () => {
    const figures = await underWriter(async () => {
      const { thread, run } = await restartOfAll(24);
      await onHost('redis-03', `kill $(pgrep -f '^sshd: ops')`);
      const seen = await lab.ended(thread);
      expect(seen.record).toMatchObject({ run, status: 'done', code: 'DONE', attempt: 2 });
      await expectToldOnce(seen, thread);
    });
    expect(figures).toMatchObject({ lost: 0 });
    expect(await logOf(lab.bot)).toContain('redis-03 is no longer held by this run');
    expect(await lab.ask('anna', 'status')).toMatch(/redis: healthy$/m);
  }, 120_000);

  it('because it hangs too long, is resumed when it wakes, or by another worker', async () => {
    const figures = await underWriter(async () => {
      const { thread, run } = await restartOfAll(28);
      worker.kill('SIGSTOP');
      try {
        for (const host of HOSTS)
          await until(`${host} lets the worker go`, 60, async () =>
            (await onHost(host, 'flock -n /run/redisops.lock true')).code === 0 ? true : null,
          );
      } finally {
        worker.kill('SIGCONT');
      }
      const seen = await lab.ended(thread, TAKEN_OVER_SECONDS);
      expect(seen.record).toMatchObject({ run, status: 'done', code: 'DONE' });
      await expectToldOnce(seen, thread);
    });
    expect(figures).toMatchObject({ lost: 0 });
    expect(await lab.ask('anna', 'status')).toMatch(/redis: healthy$/m);
  }, 180_000);

  /** Requests a change that restarts all nodes, and waits until it is in the middle. Returns its thread and name. */
  async function restartOfAll(databases: number): Promise<{ thread: number; run: string }> {
    const merge = await lab.threads();
    await lab.merge(`Allow ${databases} databases`, ['redis_config:', `  databases: ${databases}`]);
    await lab.buttons(merge);
    // redisops.yml does not map the merger.
    await lab.bot.slack.click('ben', 'approval:deny');
    await lab.ended(merge);
    const thread = merge + 1;
    await lab.ask('anna', 'apply');
    await lab.buttons(thread);
    await lab.bot.slack.click('ben', 'approval:approve');
    return { thread, run: await lab.inTheMiddle(thread, 'restart-unit') };
  }

  /** One run, one root message, one report. */
  async function expectToldOnce({ record, title, files }: SeenRun, thread: number): Promise<void> {
    expect(title).toMatch(/ – done$/);
    expect(files).toEqual([`${record.run}.md`]);
    expect(await lab.threads()).toBe(thread + 1);
    expect(await lab.store.runs('redis', 100)).toHaveLength(thread + 1);
  }
});
