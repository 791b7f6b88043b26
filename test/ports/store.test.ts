import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditTrail } from '../../lab/audit-trail.ts';
import { connectQueue } from '../../src/adapters/queue/connection.ts';
import { redisStore } from '../../src/adapters/store/store.ts';
import type { Delivery } from '../../src/domain/chat/note.ts';
import type { DriftRecord } from '../../src/domain/drift/drift-record.ts';
import type { AuditEntry } from '../../src/domain/run/run.ts';
import type { Store } from '../../src/ports/store.ts';
import { eventually } from '../eventually.ts';
import { memoryStore, nothingKept } from '../memory-store.ts';
import { ownRedis } from '../adapters/own-redis.ts';
import { quietLog } from '../adapters/quiet-log.ts';
import { click, plan, record, request, result } from '../adapters/store/builders.ts';
import { realClock } from '../../src/time/real-clock.ts';

interface Opened {
  /** All of them have the same in them. */
  store(options?: { reportWithinMs: number }): Store;
  /** Newest first. */
  audited(): Promise<readonly AuditEntry[]>;
  end(): Promise<void>;
}

async function inRedis(): Promise<Opened> {
  const server = await ownRedis();
  const redis = connectQueue(server.address, quietLog());
  return {
    store: (options) => redisStore(redis, quietLog(), options),
    audited: () => auditTrail(redis),
    async end() {
      redis.disconnect();
      await server.end();
    },
  };
}

async function inMemory(): Promise<Opened> {
  const kept = nothingKept();
  const store = memoryStore(kept, realClock);
  return {
    store: (options) => (options ? memoryStore(kept, realClock, options) : store),
    audited: async () => kept.audited.toReversed(),
    end: async () => undefined,
  };
}

describe.each([
  ['in Redis', inRedis],
  ['in memory', inMemory],
])('the store %s', (_, open) => {
  let opened: Opened;
  const store = () => opened.store();

  beforeAll(async () => {
    opened = await open();
  });

  afterAll(async () => opened.end());

  describe('the outbox', () => {
    const report = (summary: string) => ({ title: 't', tone: 'neutral', summary, sections: [] }) as const;
    const root = (summary: string) => ({ kind: 'root', report: report(summary), buttons: [] }) as const;
    const reply = (summary: string) => ({ kind: 'reply', report: report(summary) }) as const;
    /** Of this test’s run, whatever others left. */
    async function take(run: string, leaseMs = 60_000): Promise<Delivery | null> {
      for (;;) {
        const delivery = await store().takeDelivery(leaseMs);
        if (!delivery || delivery.run === run) return delivery;
        await store().endDelivery(delivery, 600_000);
      }
    }

    it('keeps notes in order, the newest of each purpose, until they are said', async () => {
      const run = { run: 'o-1', cluster: 'shop' };
      for (const [purpose, note] of [
        ['root', root('one')],
        ['plan', reply('two')],
        ['root', root('three')],
      ] as const)
        await store().keepNote(run, purpose, note);
      const notes = await store().notesOf('o-1');
      expect(notes.map(({ purpose, note }) => [purpose, note])).toEqual([
        ['plan', reply('two')],
        ['root', root('three')],
      ]);
      expect(Math.abs(Date.parse(notes[0]?.keptAt ?? '') - Date.now())).toBeLessThan(60_000);
      expect([await store().isUnsaid('o-1', 'root'), await store().isUnsaid('o-1', 'file')]).toEqual([true, false]);
    });

    it('gives a run to one caller at a time, and a newer note stays', async () => {
      const run = { run: 'o-2', cluster: 'shop' };
      await store().keepNote(run, 'root', root('one'));
      const delivery = await take('o-2');
      expect(delivery).toMatchObject({ run: 'o-2', cluster: 'shop', tries: 0 });
      if (!delivery) throw new Error('nothing was due');
      expect(await take('o-2')).toBeNull();
      const [first] = await store().notesOf('o-2');
      await store().keepNote(run, 'root', root('two'));
      expect(first && (await store().markSaid(delivery, first))).toBe(true);
      expect((await store().notesOf('o-2')).map(({ note }) => note)).toEqual([root('two')]);
      expect(await store().renewDelivery(delivery, 60_000)).toBe(true);
      await store().endDelivery(delivery, null);
      expect(await take('o-2')).toMatchObject({ run: 'o-2', tries: 0 });
    });

    it('is due again after the lease of a process that died, which then has lost it', async () => {
      await store().keepNote({ run: 'o-3', cluster: 'shop' }, 'root', root('one'));
      const lost = await take('o-3', 1);
      const again = await eventually(async () => {
        const delivery = await take('o-3');
        expect(delivery).not.toBeNull();
        return delivery;
      });
      const [note] = await store().notesOf('o-3');
      if (!lost || !again || !note) throw new Error('nothing was due');
      expect(await store().markSaid(lost, note)).toBe(false);
      expect(await store().renewDelivery(lost, 1)).toBe(false);
      expect(await store().markSaid(again, note)).toBe(true);
    });

    it('waits after a failure, counts them, and is empty when all is said', async () => {
      await store().keepNote({ run: 'o-4', cluster: 'shop' }, 'root', root('one'));
      const first = await take('o-4');
      if (!first) throw new Error('nothing was due');
      await store().endDelivery(first, 100);
      const second = await eventually(async () => {
        const delivery = await take('o-4');
        expect(delivery).toMatchObject({ tries: 1 });
        return delivery;
      });
      const [note] = await store().notesOf('o-4');
      if (!second || !note) throw new Error('nothing was due');
      await store().markSaid(second, note);
      await store().endDelivery(second, null);
      expect([await store().notesOf('o-4'), await take('o-4')]).toEqual([[], null]);
    });

    it.each([
      ['200 kB', 'x'.repeat(200_000)],
      ['quotes, control characters and emoji', '"\\ \n\u0000\u2028 🦊'.repeat(1000)],
    ])('keeps a note whatever it says: %s', async (what, text) => {
      const run = `o-long-${what.length}`;
      await store().keepNote({ run, cluster: 'shop' }, `plan "${what}"`, reply(text));
      expect(await store().notesOf(run)).toMatchObject([{ purpose: `plan "${what}"`, note: reply(text) }]);
    });

    it('says nothing twice: a message once, a state only if it changed', async () => {
      const run = { run: 'o-5', cluster: 'shop' };
      await store().keepNote(run, 'root', root('one'));
      await store().keepNote(run, 'report', reply('first'));
      await store().keepNote(run, 'report', reply('poorer'));
      expect((await store().notesOf('o-5')).map(({ note }) => note)).toEqual([root('one'), reply('first')]);
      const delivery = await take('o-5');
      if (!delivery) throw new Error('nothing was due');
      for (const note of await store().notesOf('o-5')) await store().markSaid(delivery, note);
      await store().endDelivery(delivery, null);
      await store().keepNote(run, 'root', root('one'));
      await store().keepNote(run, 'report', reply('again'));
      expect(await store().notesOf('o-5')).toEqual([]);
      await store().keepNote(run, 'root', root('two'));
      expect((await store().notesOf('o-5')).map(({ note }) => note)).toEqual([root('two')]);
    });

    it('keeps the same state once while it is being said', async () => {
      const run = { run: 'o-7', cluster: 'shop' };
      await store().keepNote(run, 'root', root('one'));
      const [first] = await store().notesOf('o-7');
      await store().keepNote(run, 'root', root('one'));
      expect(await store().notesOf('o-7')).toEqual([first]);
    });

    it('extends an approval only while this plan waits', async () => {
      const asked = request('o-6', 1000);
      await store().openApproval(asked);
      const later = { ...asked, expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
      expect(await store().extendApproval(later)).toBe(true);
      expect((await store().approval('o-6'))?.expiresAt).toBe(later.expiresAt);
      expect(await store().extendApproval({ ...later, plan: { ...plan, digest: 'other' } })).toBe(false);
      expect(await store().spendApproval(...click('o-6', 'U2'))).toBe('spent');
      expect(await store().extendApproval(later)).toBe(false);
    });
  });

  describe('a lock', () => {
    const anna = { by: { from: 'slack', actor: 'U0ANNA' } as const, reason: 'disks', forMs: null };
    const ben = { ...anna, by: { from: 'cli', actor: 'ben' } as const };
    const hersElsewhere = { ...anna, by: { from: 'cli', actor: 'U0ANNA' } as const };

    it('belongs to one person, who may change it; the first unlock ends it', async () => {
      expect(await store().lockOn('shop')).toBeNull();
      const locked = await Promise.all([store().lock('shop', anna), store().lock('shop', ben)]);
      expect(locked).toEqual([true, false]);
      expect(await store().lock('shop', hersElsewhere)).toBe(false);
      expect(await store().lock('shop', { ...anna, reason: 'more disks' })).toBe(true);
      const lock = await store().lockOn('shop');
      expect(lock).toMatchObject({ by: anna.by, reason: 'more disks', until: null });
      expect(Math.abs(Date.parse(lock?.at ?? '') - Date.now())).toBeLessThan(5000);
      expect(await store().unlock('shop')).toEqual(lock);
      expect([await store().unlock('shop'), await store().lockOn('shop')]).toEqual([null, null]);
    });

    it('ends by the server’s clock, and is the cluster’s own', async () => {
      await store().lock('timed', { ...anna, forMs: 150 });
      const { at, until } = (await store().lockOn('timed')) ?? { at: '', until: '' };
      expect(Date.parse(until ?? '') - Date.parse(at)).toBe(150);
      expect(await store().lockOn('other')).toBeNull();
      await eventually(async () => expect(await store().lockOn('timed')).toBeNull());
      expect(await store().lock('timed', ben)).toBe(true);
    });
  });

  describe('runs', () => {
    it('creates a run once', async () => {
      const created = await Promise.all(Array.from({ length: 5 }, () => store().createRun(record('once'), 'apply')));
      expect(created.filter(Boolean)).toHaveLength(1);
      expect(await store().createRun(record('once', { revision: 'other' }), 'apply')).toBe(false);
      expect(await store().run('once')).toEqual(record('once'));
      const waits = { code: 'FROZEN', message: 'redis is frozen', since: '2025-12-01T10:00:00.000Z' } as const;
      const whole = record('whole', { base: 'beef', attempt: 2, breakGlass: 'outage', waits, waited: 1 });
      await store().createRun(whole, 'apply');
      expect(await store().run('whole')).toEqual(whole);
    });

    it('audits a run’s creation every time', async () => {
      const refused = record('pushed', { status: 'refused', code: 'DIRECT_PUSH' });
      for (let time = 0; time < 3; time += 1) await store().createRun(refused, 'push of beef');
      const lines = (await opened.audited()).filter(({ run }) => run === 'pushed');
      const { requestedAt: at, origin, cluster } = refused;
      expect(lines).toEqual([{ at, origin, cluster, what: 'push of beef', outcome: 'DIRECT_PUSH', run: 'pushed' }]);
    });

    it('counts the first end, and treats that of a dropped run as reported', async () => {
      await store().createRun(record('ends-once'), 'apply');
      const ends = await Promise.all([1, 2, 3].map(() => store().finishRun(result('ends-once'))));
      expect(ends.filter(Boolean)).toHaveLength(1);
      expect(await store().finishRun(result('never-created'))).toBe(true);
      expect(await store().run('never-created')).toBeNull();
    });

    it('is null for a run that is not there', async () => {
      expect(await store().run('nobody')).toBeNull();
    });

    it('changes only the fields given', async () => {
      await store().createRun(record('changed'), 'apply');
      await store().updateRun('changed', { status: 'planning', revision: 'new' });
      await store().updateRun('changed', { status: 'running' });
      expect(await store().run('changed')).toEqual(record('changed', { status: 'running', revision: 'new' }));
    });

    it('does not bring a run into being by changing it', async () => {
      await store().updateRun('never-created', { status: 'running' });
      expect(await store().run('never-created')).toBeNull();
    });

    it('is stopped by one, once, and not after its end', async () => {
      await store().createRun(record('to-stop'), 'apply');
      const by = (name: string) => ({ by: name, at: '2025-12-01T10:00:00.000Z' });
      const asked = await Promise.all(['anna', 'ben', 'carla'].map((name) => store().stopRun('to-stop', by(name))));
      expect(asked.toSorted()).toEqual(['asked', 'asked-before', 'asked-before']);
      expect((await store().run('to-stop'))?.stop).toEqual(by(['anna', 'ben', 'carla'][asked.indexOf('asked')] ?? ''));

      await store().createRun(record('over'), 'apply');
      await store().finishRun(result('over'));
      expect(await store().stopRun('over', by('anna'))).toBe('ended');
      expect(await store().stopRun('nobody', by('anna'))).toBe('unknown');
      expect(await store().run('nobody')).toBeNull();
    });

    it('with a stop request cannot be approved any more', async () => {
      await store().createRun(record('waits'), 'apply');
      await store().openApproval(request('waits', 60_000));
      await store().stopRun('waits', { by: 'anna', at: '2025-12-01T10:00:00.000Z' });
      expect(await store().spendApproval(...click('waits', 'U2'))).toBe('stopped');
      expect(await store().decisionOn('waits')).toBeNull();
    });

    it('lists a cluster’s runs, newest first', async () => {
      for (const day of ['02', '04', '03'])
        await store().createRun(
          record(`day-${day}`, { cluster: 'sorted', requestedAt: `2025-12-${day}T00:00:00.000Z` }),
          'apply',
        );
      const names = (await store().runs('sorted', 2)).map(({ run }) => run);
      expect(names).toEqual(['day-04', 'day-03']);
      expect(await store().runs('other', 10)).toEqual([]);
    });

    it.each([
      [result('end'), 'done'],
      [result('end', { outcome: 'refused', code: 'STALE_PLAN' }), 'refused'],
      [result('end', { outcome: 'refused', code: 'APPROVAL_DENIED' }), 'denied'],
      [result('end', { outcome: 'refused', code: 'APPROVAL_EXPIRED' }), 'expired'],
    ] as const)('keeps how it ended: %#', async (ended, status) => {
      const run = `end-${status}`;
      await store().createRun(record(run), 'apply');
      await store().finishRun({ ...ended, run });
      const kept = await store().run(run);
      expect(kept).toMatchObject({ status, code: ended.code, message: 'Done.', revision: 'beef', durationMs: 1234 });
      expect(Math.abs(Date.parse(kept?.finishedAt ?? '') - Date.now())).toBeLessThan(5000);
    });

    it('keeps the first end', async () => {
      await store().createRun(record('ended'), 'apply');
      await store().finishRun(result('ended', { code: 'STEP_FAILED', outcome: 'failed' }));
      await store().finishRun(result('ended'));
      await store().updateRun('ended', { status: 'awaiting-approval' });
      expect(await store().run('ended')).toMatchObject({ status: 'failed', code: 'STEP_FAILED' });
    });

    it('keeps a result until it is reported, and gives it to one worker at a time', async () => {
      const [slow, quick] = [opened.store({ reportWithinMs: 60_000 }), opened.store({ reportWithinMs: 0 })];
      const [left, told] = [result('left', { cluster: 'telling' }), result('told', { cluster: 'telling' })];
      for (const { run } of [left, told]) await store().createRun(record(run, { cluster: 'telling' }), 'apply');
      expect([await quick.finishRun(left), await quick.finishRun(left)]).toEqual([true, false]);
      await quick.finishRun(told);
      await quick.markReported(told);
      expect(await slow.takeUnreported('another')).toEqual([]);
      const taken = await Promise.all([1, 2, 3].map(() => slow.takeUnreported('telling')));
      expect(taken.flat()).toEqual([left]);
      expect(await store().run('left')).toMatchObject({ status: 'done' });
      await slow.markReported(left);
      expect(await quick.takeUnreported('telling')).toEqual([]);
    });

    it('remembers the thread', async () => {
      expect(await store().threadOf('threaded')).toBeNull();
      await store().rememberThread('threaded', { channel: 'C1', timestamp: '1.2' });
      expect(await store().threadOf('threaded')).toEqual({ channel: 'C1', timestamp: '1.2' });
    });

    it('keeps the journal in order', async () => {
      const entry = { at: '2025-12-01T10:00:00.000Z', node: 'redis-02', action: 'write-file', state: 'began' } as const;
      for (const step of [1, 2, 3]) await store().recordStep('journaled', { ...entry, step });
      expect((await store().journal('journaled')).map(({ step }) => step)).toEqual([1, 2, 3]);
      expect(await store().journal('silent')).toEqual([]);
      await store().startOver('journaled');
      expect(await store().journal('journaled')).toEqual([]);
    });
  });

  describe('approvals', () => {
    it('returns the request unchanged', async () => {
      const open = request('whole', 60_000);
      await store().openApproval(open);
      expect(await store().approval('whole')).toEqual(open);
      expect(await store().approval('none')).toBeNull();
    });

    it('keeps a denial, which no approval can follow', async () => {
      await store().openApproval(request('denied', 60_000));
      expect(await store().spendApproval(...click('denied', 'U2', 'denied'))).toBe('spent');
      expect(await store().spendApproval(...click('denied', 'U3', 'approved'))).toBe('already-spent');
      expect(await store().decisionOn('denied')).toMatchObject({ by: 'U2', decision: 'denied' });
    });

    it('is spent by one of many', async () => {
      await store().openApproval(request('contested', 60_000));
      const spent = await Promise.all(
        Array.from({ length: 20 }, (_, at) => store().spendApproval(...click('contested', `U${at}`))),
      );
      expect(spent.filter((answer) => answer === 'spent')).toHaveLength(1);
      expect(spent.filter((answer) => answer === 'already-spent')).toHaveLength(19);
      expect(await store().decisionOn('contested')).toMatchObject({ by: `U${spent.indexOf('spent')}` });
    });

    it('expires or is given, never both', async () => {
      await store().openApproval(request('in-time', 60_000));
      expect(await store().expireApproval('in-time')).toBe('waiting');
      expect(await store().spendApproval(...click('in-time', 'U2'))).toBe('spent');
      expect(await store().expireApproval('in-time')).toBe('decided');
      await store().openApproval(request('too-late', -1));
      expect(await store().expireApproval('too-late')).toBe('expired');
      expect(await store().openApproval(request('too-late', 60_000))).toBe(false);
      expect(await store().spendApproval(...click('too-late', 'U2'))).toBe('expired');
      expect([await store().decisionOn('too-late'), await store().expireApproval('nobody-asked')]).toEqual([
        null,
        'unknown',
      ]);
    });

    it('expires by the server’s clock', async () => {
      await store().openApproval(request('late', -1));
      expect(await store().spendApproval(...click('late', 'U2', 'approved'))).toBe('expired');
      expect(await store().decisionOn('late')).toBeNull();
    });

    it('binds the plan that was seen', async () => {
      await store().openApproval(request('bound', 60_000));
      await store().openApproval({ ...request('bound', 60_000), plan: { ...plan, digest: 'd2' } });
      for (const digest of ['d1', '', 'd'])
        expect(await store().spendApproval(...click('bound', 'U2', 'approved', digest))).toBe('stale');
      expect(await store().decisionOn('bound')).toBeNull();
      expect(await store().spendApproval(...click('bound', 'U2', 'approved', 'd2'))).toBe('spent');
    });

    it.each(['approved', 'denied'] as const)('leaves in the run’s record who %s', async (decision) => {
      const run = `who-${decision}`;
      await store().createRun(record(run), 'apply');
      await store().openApproval(request(run, 60_000));
      await store().spendApproval(...click(run, 'U2', decision));
      const kept = (await store().run(run))?.decision;
      expect(kept).toMatchObject({ by: 'U2', decision });
      expect(Math.abs(Date.parse(kept?.at ?? '') - Date.now())).toBeLessThan(5000);
    });

    it('is not given to a run that has ended', async () => {
      await store().createRun(record('over'), 'apply');
      await store().openApproval(request('over', 60_000));
      await store().finishRun(result('over', { outcome: 'failed', code: 'INTERNAL' }));
      expect(await store().spendApproval(...click('over', 'U2'))).toBe('ended');
      expect(await store().decisionOn('over')).toBeNull();
    });

    it('knows no approval without a request', async () => {
      expect(await store().spendApproval(...click('unheard-of', 'U2', 'approved'))).toBe('unknown');
      expect(await store().decisionOn('unheard-of')).toBeNull();
    });

    it('opens again with another plan for a run that is planned again', async () => {
      const open = request('again', 60_000);
      await store().openApproval(open);
      await store().spendApproval(...click('again', 'U2', 'approved'));
      expect(await store().openApproval(open, true)).toBe(false);
      expect(await store().decisionOn('again')).toMatchObject({ by: 'U2' });
      expect(await store().openApproval({ ...open, plan: { ...plan, digest: 'another' } }, true)).toBe(true);
      expect(await store().decisionOn('again')).toBeNull();
      expect(await store().spendApproval(...click('again', 'U3', 'approved'))).toBe('stale');
      expect(await store().spendApproval(...click('again', 'U3', 'approved', 'another'))).toBe('spent');
    });

    it('does not reopen a decided request', async () => {
      const open = request('decided', 60_000);
      await store().openApproval(open);
      await store().spendApproval(...click('decided', 'U2', 'approved'));
      await store().openApproval({ ...open, plan: { ...plan, digest: 'another' } });
      expect((await store().approval('decided'))?.plan.digest).toBe('d1');
      expect(await store().spendApproval(...click('decided', 'U3', 'approved'))).toBe('already-spent');
    });
  });

  describe('drift', () => {
    const drift: DriftRecord = {
      cluster: 'drifting',
      look: {
        cluster: 'drifting',
        revision: 'c0ffee',
        drifts: [{ node: 'redis-02', kind: 'running', subject: 'timeout', git: '0', actual: '7', byApply: true }],
        unread: [{ node: 'redis-03', code: 'SSH_TIMEOUT', reason: 'no answer' }],
        obstacles: [],
      },
      fingerprint: '0123456789abcdef',
      since: '2025-11-23T12:00:00.000Z',
      lookedAt: '2025-11-23T12:00:00.000Z',
      goneAt: null,
      known: ['x'],
      ignored: null,
      applying: null,
      appliedAt: null,
      afterRun: null,
      pullRequest: null,
      message: null,
      shown: null,
    };

    it('is kept, and changed field by field', async () => {
      expect(await store().drift('drifting')).toBeNull();
      await store().changeDrift('drifting', drift);
      const ignored = { until: '2025-11-24T12:00:00.000Z', by: 'U1' };
      const message = { channel: 'C1', timestamp: '1.5' };
      await Promise.all([store().changeDrift('drifting', { ignored }), store().changeDrift('drifting', { message })]);
      expect(await store().drift('drifting')).toEqual({ ...drift, ignored, message });
    });

    it('is looked for by one at a time, when it is due', async () => {
      const take = (soon = false) => store().takeDriftTurn('turns', soon);
      const taken = (await Promise.all(Array.from({ length: 20 }, () => take()))).filter((turn) => turn !== null);
      expect(taken).toMatchObject([{ first: true }]);
      expect(await take(true)).toBeNull();
      const turn = taken[0] ?? { token: '', first: false };
      await store().endDriftTurn('turns', { ...turn, token: 'another' }, 0);
      expect(await take()).toBeNull();
      await store().endDriftTurn('turns', turn, 60_000);
      expect(await take()).toBeNull();
      const next = await take(true);
      expect(next).toMatchObject({ first: false });
      await store().endDriftTurn('turns', next ?? turn, 0);
      expect(await take()).toMatchObject({ first: false });
    });
  });

  describe('whose a cluster is', () => {
    it('is decided once among concurrent claims; a later claim must name the owner it saw', async () => {
      const claimed = await Promise.all(
        ['a/a', 'b/b', 'c/c'].map((name) => store().claimCluster('claimed', name, null)),
      );
      expect(new Set(claimed).size).toBe(1);
      const [owner = ''] = claimed;
      expect(await store().claimCluster('claimed', 'd/d', 'somebody/else')).toBe(owner);
      expect(await store().claimCluster('claimed', 'd/d', owner)).toBe('d/d');
      expect(await store().claimCluster('claimed', 'd/d', owner)).toBe('d/d');
      expect((await store().clusterOwners()).get('claimed')).toBe('d/d');
    });
  });

  describe('a branch', () => {
    it('is handled up to a commit from the one before, and again', async () => {
      expect(await store().lastHandledCommit('main')).toBeNull();
      expect(await store().markHandled('main', 'a', 'b')).toBe(false);
      const marked = ['a', 'a', 'b'].map((from) => store().markHandled('main', from === 'a' ? null : from, 'a'));
      expect(await Promise.all(marked)).toEqual([true, true, true]);
      expect(await store().markHandled('main', 'a', 'b')).toBe(true);
      expect(await store().markHandled('main', 'a', 'b')).toBe(true);
      expect(await store().markHandled('main', 'a', 'c')).toBe(false);
      expect(await store().lastHandledCommit('main')).toBe('b');
    });
  });

  describe('audit', () => {
    it('has what was asked, in order', async () => {
      const entry = { at: 'now', origin: { from: 'slack', actor: 'U1' }, cluster: 'redis', run: null } as const;
      for (const what of ['apply', 'resync redis-03', 'approve'])
        await store().audit({ ...entry, what, outcome: 'denied' });
      const trail = (await opened.audited()).slice(0, 2);
      expect(trail.map(({ what }) => what)).toEqual(['approve', 'resync redis-03']);
      expect(trail[0]).toEqual({ ...entry, what: 'approve', outcome: 'denied' });
    });
  });
});
