import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatRefused } from '../../../src/domain/chat/chat-refused.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import type { RunRecord } from '../../../src/domain/run/run.ts';
import type { Chat } from '../../../src/ports/chat.ts';
import { deliver } from '../../../src/run/outbox/deliver.ts';
import { retryAfter } from '../../../src/run/outbox/courier.ts';
import { openThread, threadOf } from '../../../src/run/thread/thread.ts';
import { fakeClock } from '../../fake-clock.ts';
import { memoryStore, nothingKept } from '../../memory-store.ts';
import { CHANNEL, portsOf } from '../../ports.ts';
import { approval, plan, record, result } from '../../report/fixtures.ts';

const AWAY = new RedisopsError('SLACK_FAILED', 'HTTP 500', { hint: '' });
const NEVER = new AbortController().signal;

/** A run’s ports, a Slack that may be away, and a courier that goes when it is told to. */
function away(change: Partial<Chat> = {}, policy?: readonly string[]) {
  const clock = fakeClock('2026-01-01T00:00:00Z');
  const store = memoryStore(nothingKept(), clock);
  const slack: { fails: Error | null } = { fails: null };
  const inMemory = portsOf({
    ...(policy ? { policy } : {}),
    ports: { clock, store, courier: { hint: () => undefined } },
  });
  const { chat } = inMemory;
  const checked = (): void => {
    if (slack.fails) throw slack.fails;
  };
  const ports = {
    ...inMemory,
    chat: {
      ...chat,
      post: async (...said: Parameters<Chat['post']>) => (checked(), chat.post(...said)),
      edit: async (...said: Parameters<Chat['edit']>) => (checked(), chat.edit(...said)),
      reply: async (...said: Parameters<Chat['reply']>) => (checked(), chat.reply(...said)),
      attach: async (...said: Parameters<Chat['attach']>) => (checked(), chat.attach(...said)),
      ...change,
    },
  };
  /** Says what is due now; returns whether anything was. */
  const go = async (): Promise<boolean> => {
    const delivery = await store.takeDelivery(30_000);
    if (!delivery) return false;
    const all = await deliver(delivery, ports, NEVER);
    await store.endDelivery(delivery, all ? null : retryAfter(delivery.tries));
    return true;
  };
  const goAll = async (): Promise<void> => {
    while (await go());
  };
  return { ports, clock, store, slack, go, goAll, said: inMemory.outside.said, log: inMemory.outside.log };
}

const run = record({ run: 'r-1' });
const done = result({ run: 'r-1', outcome: 'done', code: 'DONE' });

describe('what a run has to say', () => {
  it('is said once Slack is back, hours later too: the end, without the buttons of before', async () => {
    const { ports, clock, slack, goAll, said } = away();
    const thread = await openThread(run, ports);
    await goAll();
    slack.fails = AWAY;
    thread.emit({ kind: 'planned', plan: plan() });
    await thread.end(done, []);
    for (let hours = 0; hours < 3; hours += 1) {
      await goAll();
      await clock.sleep(3_600_000);
    }
    expect(said.map(({ how }) => how)).toEqual(['post']);
    slack.fails = null;
    await goAll();
    expect(said.map(({ how }) => how)).toEqual(['post', 'edit', 'reply', 'attach']);
    expect(said[1]?.report?.title).toMatch(/done/);
    expect(said[1]?.buttons ?? []).toEqual([]);
  });

  it('is the newest state alone: edits that nobody saw are left out', async () => {
    const { ports, goAll, said } = away();
    const thread = await openThread(run, ports);
    await goAll();
    for (const summary of ['one', 'two', 'three'])
      await thread.wait({ title: 't', tone: 'neutral', summary, sections: [] });
    await goAll();
    expect(said.map(({ how, report }) => [how, report?.summary]).slice(1)).toEqual([['edit', 'three']]);
  });

  it('goes to the bot’s channel, with the reason, where the cluster’s does not exist', async () => {
    const wrong = new ChatRefused('channel', 'Slack refused chat.postMessage: channel_not_found.', '');
    const posted: string[] = [];
    const post: Chat['post'] = async (channel, report) => {
      if (channel !== CHANNEL) throw wrong;
      posted.push(JSON.stringify(report));
      return { channel, timestamp: '1.0' };
    };
    const { ports, goAll, said } = away({ post }, ['channel: C0MISTYPED']);
    await (await openThread(run, ports)).end(done, []);
    await goAll();
    expect(posted).toHaveLength(1);
    expect(posted[0]).toMatch(/C0MISTYPED.*channel_not_found/);
    expect(said.map(({ how }) => how)).toEqual(['reply', 'attach']);
  });

  it('gets a new root message where the old one was deleted', async () => {
    const gone = new ChatRefused('message', 'Slack refused chat.update: message_not_found.', '');
    const { ports, goAll, said } = away({ edit: () => Promise.reject(gone) });
    const thread = await openThread(run, ports);
    await goAll();
    await thread.end(done, []);
    await goAll();
    expect(said.map(({ how }) => how)).toEqual(['post', 'post', 'reply', 'attach']);
  });

  it('does not hold up the rest where Slack does not take it', async () => {
    const refused = new ChatRefused('content', 'Slack refused chat.postMessage: no_text.', '');
    const { ports, goAll, said, log } = away({ reply: () => Promise.reject(refused) });
    await (await openThread(run, ports)).end(done, []);
    await goAll();
    expect(said.map(({ how }) => how)).toEqual(['post', 'attach']);
    expect(log.lines.map(({ message }) => message)).toContain('what a run had to say is given up');
  });

  it.each(['post', 'reply'] as const)('is left to the process that took it over during a %s', async (during) => {
    const { ports, clock, store, said } = away();
    await (await openThread(run, ports)).end(done, []);
    const first = await store.takeDelivery(30_000);
    let second: typeof first = null;
    const lose = async () => {
      await clock.sleep(31_000);
      second ??= await store.takeDelivery(30_000);
    };
    const chat: Chat = {
      ...ports.chat,
      ...(during === 'post'
        ? { post: async (...args) => (await lose(), ports.chat.post(...args)) }
        : { reply: async (...args) => (await lose(), ports.chat.reply(...args)) }),
    };
    if (!first) throw new Error('nothing was due');
    await deliver(first, { ...ports, chat }, NEVER);
    expect(said.map(({ how }) => how).at(-1)).toBe(during);
    await store.endDelivery(first, null);
    if (!second) throw new Error('the lease was not lost');
    await deliver(second, ports, NEVER);
    expect(said.filter(({ how }) => how === 'attach')).toHaveLength(1);
    expect(await store.notesOf('r-1')).toEqual([]);
  });

  it.each(['report', 'root'])('waits for a version that can read it, and the rest does not: %s', async (purpose) => {
    const { ports, store, said } = away();
    await (await openThread(run, ports)).end(done, []);
    const tomorrow = { purpose, version: 'v', keptAt: ports.clock.now().toISOString(), digest: '', order: 99 };
    const notesOf: typeof store.notesOf = async (name) => {
      const notes = await store.notesOf(name);
      return [...notes.filter((each) => each.purpose !== purpose), { ...tomorrow, note: { kind: 'unreadable' } }];
    };
    const delivery = await store.takeDelivery(30_000);
    if (!delivery) throw new Error('nothing was due');
    expect(await deliver(delivery, { ...ports, store: { ...store, notesOf } }, NEVER)).toBe(false);
    expect(said.map(({ how }) => how)).toContain('post');
    expect((await store.notesOf('r-1')).map((each) => each.purpose)).toEqual([purpose]);
  });

  it('is not kept twice by a worker that tells the end again', async () => {
    const { ports, goAll, said } = away();
    for (let times = 0; times < 2; times += 1) {
      await (await openThread(run, ports)).end(done, []);
      await goAll();
    }
    expect(said.map(({ how }) => how)).toEqual(['post', 'reply', 'attach']);
  });
});

describe('an approval', () => {
  it('is asked for until people can see it, and its time counts from then', async () => {
    const { ports, clock, store, slack, goAll, said } = away();
    const start = clock.now().getTime();
    const request = approval({ id: 'r-1', run: 'r-1', expiresAt: new Date(start + 30 * 60_000).toISOString() });
    await store.openApproval(request);
    slack.fails = AWAY;
    await (await openThread(run, ports)).askApproval(request);
    await goAll();
    await clock.sleep(2 * 3_600_000);
    expect(await store.isUnsaid('r-1', 'root')).toBe(true);
    const back = clock.now().getTime();
    slack.fails = null;
    await goAll();
    expect(said[0]?.buttons).toHaveLength(2);
    const expiresAt = Date.parse((await store.approval('r-1'))?.expiresAt ?? '');
    expect(back - start).toBeGreaterThanOrEqual(2 * 3_600_000);
    expect(expiresAt - back).toBe(30 * 60_000);
    expect(await store.isUnsaid('r-1', 'root')).toBe(false);
  });

  it('that was decided meanwhile is not asked for', async () => {
    const { ports, clock, store, goAll, said } = away();
    const request = approval({
      id: 'r-1',
      run: 'r-1',
      expiresAt: new Date(clock.now().getTime() + 60_000).toISOString(),
    });
    await store.openApproval(request);
    await (await openThread(run, ports)).askApproval(request);
    const { digest } = request.plan;
    await store.spendApproval({ kind: 'approval', decision: 'denied', approval: 'r-1', digest }, 'U2');
    await goAll();
    expect(said.flatMap(({ buttons }) => buttons ?? [])).toEqual([]);
  });
});

describe('merges that were superseded before they began', () => {
  it('get a thread where they are alone, at once', async () => {
    const { ports, goAll, said } = away();
    const merge = record({ run: 'r-1', origin: { from: 'github', actor: 'ada', pullRequest: 1 } });
    await ports.store.createRun(record({ run: 'newest', status: 'queued', finishedAt: null }), 'merge');
    await threadOf(merge, ports).end(result({ run: 'r-1', outcome: 'refused', code: 'SUPERSEDED' }), []);
    await goAll();
    expect(said.map(({ how }) => how)).toEqual(['post', 'reply', 'attach']);
  });

  it('share one message', async () => {
    const { ports, clock, goAll, said } = away();
    const merges = Array.from({ length: 49 }, (_, at) =>
      record({ run: `r-${at}`, origin: { from: 'github', actor: 'ada', pullRequest: at + 1 } }),
    );
    for (const { run } of merges.slice(0, 3))
      await ports.store.createRun(record({ run, status: 'queued', finishedAt: null }), 'merge');
    for (const merge of merges)
      await threadOf(merge, ports).end(result({ run: merge.run, outcome: 'refused', code: 'SUPERSEDED' }), []);
    await goAll();
    expect(said).toEqual([]);
    await clock.sleep(5000);
    await goAll();
    expect(said.map(({ how, report }) => [how, report?.title])).toEqual([['post', 'redis: 49 merges superseded']]);
    expect(JSON.stringify(said[0]?.report)).toContain('#1 ');
  });
});

describe('whatever Slack does', () => {
  it('each run is told once in the end, and nothing waits for it', async () => {
    const trouble = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.boolean(), fc.nat({ max: 40_000 })), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(trouble, async (steps) => {
        const { ports, clock, slack, go, goAll, said } = away();
        const runs: readonly RunRecord[] = [0, 1, 2].map((at) => record({ run: `r-${at}` }));
        const threads = await Promise.all(runs.map((each) => openThread(each, ports)));
        for (const [at, isAway, ms] of steps) {
          slack.fails = isAway ? AWAY : null;
          threads[at]?.emit({ kind: 'planned', plan: plan() });
          await go();
          await clock.sleep(ms);
        }
        for (const [at, thread] of threads.entries())
          await thread.end(result({ run: `r-${at}`, outcome: 'done', code: 'DONE' }), []);
        await go();
        slack.fails = null;
        await clock.sleep(60_000);
        await goAll();
        expect(said.filter(({ how }) => how === 'reply')).toHaveLength(3);
        expect(said.filter(({ how }) => how === 'attach')).toHaveLength(3);
        expect(said.filter(({ how }) => how === 'post')).toHaveLength(3);
      }),
      { numRuns: 60 },
    );
  });
});
