import { describe, expect, it } from 'vitest';
import type { Chat } from '../../../src/ports/chat.ts';
import { courier, retryAfter } from '../../../src/run/outbox/courier.ts';
import { openThread } from '../../../src/run/thread/thread.ts';
import { realClock } from '../../../src/time/real-clock.ts';
import { eventually } from '../../eventually.ts';
import { memoryStore } from '../../memory-store.ts';
import { portsOf } from '../../ports.ts';
import { record, result } from '../../report/fixtures.ts';

function started(chat: Partial<Chat> = {}) {
  const parts = portsOf({ chat });
  const store = memoryStore(parts.outside, realClock);
  const base = { ...parts, store, clock: realClock };
  const messenger = courier({ store, log: base.log, clock: realClock, portsAt: async () => base });
  messenger.start();
  return { ports: { ...base, courier: messenger }, messenger, said: parts.outside.said };
}

describe('the courier', () => {
  it('says what was kept, without anybody waiting for it', async () => {
    const { ports, messenger, said } = started();
    await (await openThread(record(), ports)).end(result(), []);
    await eventually(() => expect(said.map(({ how }) => how)).toContain('attach'));
    await messenger.close(1000);
  });

  it('is not stopped by one channel that hangs', async () => {
    const post: Chat['post'] = async (channel, report) => {
      if (report.title.startsWith('slow')) await new Promise(() => undefined);
      return { channel, timestamp: '1.0' };
    };
    const { ports, messenger, said } = started({ post });
    await (await openThread(record({ run: 'r-1', cluster: 'slow' }), ports)).end(result({ run: 'r-1' }), []);
    await (await openThread(record({ run: 'r-2' }), ports)).end(result({ run: 'r-2' }), []);
    await eventually(() => expect(said.map(({ how }) => how)).toContain('attach'));
    await messenger.close(0);
  });

  it('says each message once beside a second courier', async () => {
    const parts = portsOf();
    const store = memoryStore(parts.outside, realClock);
    const base = { ...parts, store, clock: realClock };
    const both = [1, 2].map(() => courier({ store, log: base.log, clock: realClock, portsAt: async () => base }));
    for (const each of both) each.start();
    const hint = () => both.forEach((each) => each.hint());
    const runs = Array.from({ length: 20 }, (_, at) => `r-${at}`);
    for (const run of runs)
      await (await openThread(record({ run }), { ...base, courier: { hint } })).end(result({ run }), []);
    const { said } = parts.outside;
    await eventually(() => expect(said.filter(({ how }) => how === 'attach')).toHaveLength(runs.length));
    expect(said.filter(({ how }) => how === 'reply')).toHaveLength(runs.length);
    expect(said.filter(({ how }) => how === 'post')).toHaveLength(runs.length);
    await Promise.all(both.map((each) => each.close(1000)));
  });

  it('leaves in the outbox what it does not say before the stop', async () => {
    const { ports, messenger } = started({ post: () => new Promise(() => undefined) });
    await (await openThread(record({ run: 'r-1' }), ports)).end(result({ run: 'r-1' }), []);
    await messenger.close(0);
    expect((await ports.store.notesOf('r-1')).map(({ purpose }) => purpose)).toEqual(['root', 'report', 'file']);
  });

  it('tries again after a growing while, at most half a minute', () => {
    expect([0, 1, 2, 3, 50].map(retryAfter)).toEqual([1000, 2000, 4000, 8000, 30_000]);
  });
});
