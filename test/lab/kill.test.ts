import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onHost } from '../../lab/hosts.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { execute, propose } from '../../src/operation.ts';
import { until } from '../../lab/until.ts';
import { begun, HOSTS, logOf, openBotLab, takeAwayDropIn, type BotLab, type SeenRun } from './bot-lab.ts';
import { CONVERGE, infoField, openLabCluster, testRun } from './lab-cluster.ts';
import { realClock } from '../../src/time/real-clock.ts';

/**
 * A dead worker’s job is taken over once its lock has expired and the next check runs: within 45 s, plus 15 s to do it.
 */
const TAKEN_OVER_SECONDS = 75;
const WORKER = ['--only', 'worker'];
const BOT = ['--only', 'bot'];

/** One story on one cluster. Bot, worker and the queue’s Redis are processes of their own. */
describe('kill -9 in the middle of a run', () => {
  let lab: BotLab;
  let worker: ChildProcess;

  beforeAll(async () => {
    lab = await openBotLab({ parameters: BOT });
    worker = await lab.bot.startProcess(WORKER, 4811);
  });

  afterAll(() => lab.close());

  it(
    'of the worker: the next one ends the run, and does nothing twice',
    async () => {
      await lab.merge('Switch replication on');
      const run = await lab.inTheMiddle(0, 'start-unit');
      await killed(worker);
      const journal = await lab.store.journal(run);
      expect((await lab.store.run(run))?.status).toBe('running');

      worker = await lab.bot.startProcess(WORKER, 4812);
      const seen = await lab.ended(0, TAKEN_OVER_SECONDS);
      expect(seen.record).toMatchObject({ run, status: 'done', code: 'DONE' });
      expect(seen.journal.slice(0, journal.length)).toEqual(journal);
      expect(stepsDoneAgain(seen, journal.length)).toEqual([]);
      for (const host of HOSTS) expect(await startsOf(host)).toBe(1);
      await expectToldOnce(lab, seen, 0);
      expect(seen.comments).toHaveLength(1);
      expect(await lab.ask('anna', 'status')).toMatch(/redis: healthy$/m);
    },
    (TAKEN_OVER_SECONDS + 30) * 1000,
  );

  it('of the bot: the worker ends the run and its thread, and the bot comes back', async () => {
    const syncs = Number(await infoField('redis-01', 'sync_full'));
    await resyncApproved('redis-03', 1);
    const run = await lab.inTheMiddle(1, 'resync');
    await killed(lab.bot.processes[0]);

    const seen = await lab.ended(1);
    expect(seen.record).toMatchObject({ run, status: 'done', code: 'DONE' });
    expect(begun(seen.journal)).toHaveLength(1);
    expect(Number(await infoField('redis-01', 'sync_full'))).toBe(syncs + 1);
    await expectToldOnce(lab, seen, 1);
    await lab.bot.startProcess(BOT);
    expect(await lab.ask('anna', 'status')).toMatch(/redis: healthy$/m);
  });

  it('of the queue’s Redis: it comes back with all it had, and the run goes on', async () => {
    const syncs = Number(await infoField('redis-01', 'sync_full'));
    await resyncApproved('redis-02', 2);
    const queuePid = await lab.queueProcess();
    const run = await lab.inTheMiddle(2, 'resync');
    process.kill(queuePid, 'SIGKILL');

    const seen = await lab.ended(2);
    expect(seen.record).toMatchObject({ run, status: 'done', code: 'DONE' });
    expect(begun(seen.journal)).toHaveLength(1);
    expect(Number(await infoField('redis-01', 'sync_full'))).toBe(syncs + 1);
    await expectToldOnce(lab, seen, 2);
    expect(await lab.queueProcess()).not.toBe(queuePid);
    expect(await lab.store.runs('redis', 100)).toHaveLength(3);
    expect(await lab.ask('anna', 'status')).toMatch(/redis: healthy$/m);
  });

  it('of a worker that had only the last word left to say: the run is done, not “nothing to do”', async () => {
    const cluster = await openLabCluster();
    await cluster.asks();
    const ports = { nodes: cluster.nodes, clock: realClock };
    const { plan } = await propose(CONVERGE, checkout(cluster.path), 'redis', ports);
    const step = {
      at: new Date().toISOString(),
      step: 1,
      node: 'redis-02',
      action: 'await-link',
      state: 'began',
    } as const;
    const outcomes = [];
    for (const journal of [[], [step]]) {
      outcomes.push((await execute(plan, checkout(cluster.path), testRun({ journal }), ports)).result.code);
    }
    await cluster.close();
    expect(outcomes).toEqual(['NOTHING_TO_DO', 'DONE']);
  });

  it('of nobody, but the queue’s Redis stands still for too long: the run goes on when it answers again', async () => {
    await takeAwayDropIn('redis-02');
    const queuePid = await lab.queueProcess();
    await lab.ask('anna', 'apply');
    await lab.buttons(3);
    await lab.bot.slack.click('ben', 'approval:approve');
    const run = await lab.inTheMiddle(3, 'restart-unit');
    process.kill(queuePid, 'SIGSTOP');
    try {
      await until('the worker gives up', 40, async () =>
        (await logOf(lab.bot)).includes('the run stays open') ? true : null,
      );
    } finally {
      process.kill(queuePid, 'SIGCONT');
    }
    const seen = await lab.ended(3, TAKEN_OVER_SECONDS);
    expect(seen.record).toMatchObject({ run, status: 'done', code: 'DONE' });
    await expectToldOnce(lab, seen, 3);
    expect(await lab.ask('anna', 'status')).toMatch(/redis: healthy$/m);
  }, 150_000);

  async function resyncApproved(node: string, thread: number): Promise<void> {
    await lab.ask('anna', `resync ${node}`);
    await lab.buttons(thread);
    await lab.bot.slack.click('ben', 'approval:approve');
  }
});

/** Only a process started by this test that had not ended itself. */
async function killed(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null) throw new Error('the process had ended by itself');
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Number of Redis starts on a host since it was bare. */
async function startsOf(host: string): Promise<number> {
  const { stdout } = await onHost(host, 'cat /var/log/redis/*.log');
  return stdout.match(/Redis is starting/g)?.length ?? 0;
}

/** Steps that had ended before the crash and were repeated after it. */
function stepsDoneAgain({ journal }: SeenRun, before: number): readonly string[] {
  const name = ({ node, action }: SeenRun['journal'][number]): string => `${node} ${action}`;
  const done = new Set(journal.slice(0, before).flatMap((entry) => (entry.state === 'ended' ? [name(entry)] : [])));
  return journal
    .slice(before)
    .filter(({ state }) => state === 'began')
    .map(name)
    .filter((step) => done.has(step));
}

/** One run, one root message, one report. */
async function expectToldOnce(lab: BotLab, { record, title, files }: SeenRun, thread: number): Promise<void> {
  expect(title).toMatch(/ – done$/);
  expect(files).toEqual([`${record.run}.md`]);
  expect(await lab.threads()).toBe(thread + 1);
  const runs = await lab.store.runs('redis', 100);
  expect(runs.filter(({ run }) => run === record.run)).toHaveLength(1);
  expect(runs).toHaveLength(thread + 1);
}
