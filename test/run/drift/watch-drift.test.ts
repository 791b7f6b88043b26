import { describe, expect, it } from 'vitest';
import { twoClusters } from '../../../lab/two-clusters.ts';
import { answerClick } from '../../../src/chat/answer-click.ts';
import type { Clicked } from '../../../src/chat/clicked.ts';
import type { Drift, DriftLook } from '../../../src/domain/drift/drift.ts';
import type { Report } from '../../../src/domain/report.ts';
import type { DriftClick, DriftOffer } from '../../../src/domain/chat/click.ts';
import { slackMessages } from '../../../src/report/slack/slack-messages.ts';
import { watchDrift } from '../../../src/run/drift/watch-drift.ts';
import { CHANNEL, fakeGitHub, NOW, portsOf, type Given } from '../../ports.ts';
import { record as run } from '../../report/fixtures.ts';
import type { PullRequests } from '../../../src/ports/git.ts';
import type { DriftTurn } from '../../../src/domain/drift/drift-turn.ts';
import { realClock } from '../../../src/time/real-clock.ts';

const MAXMEMORY: Drift = {
  node: 'redis-02',
  kind: 'running',
  subject: 'maxmemory',
  git: '256mb',
  actual: '1048576',
  byApply: true,
};
const TIMEOUT: Drift = { ...MAXMEMORY, subject: 'timeout', git: '0', actual: '7' };
const SOLE: DriftTurn = { token: 't', first: false };

function found(drifts: readonly Drift[], change: Partial<DriftLook> = {}): DriftLook {
  return { cluster: 'redis', revision: 'c'.repeat(40), drifts, unread: [], obstacles: [], ...change };
}

type Change = Partial<Omit<Clicked, 'click'> & Pick<DriftClick, 'cluster' | 'fingerprint'>>;

/** A cluster that is looked at when told to, with a clock that is moved. */
function watched(given: Given = {}) {
  let now = NOW.getTime();
  const turns: { soon: boolean; nextMs: number }[] = [];
  let soon = false;
  const ports = portsOf({
    ...given,
    ports: { clock: { ...realClock, now: () => new Date(now) }, ...given.ports },
    store: {
      takeDriftTurn: async (_cluster, early) => ((soon = early), SOLE),
      endDriftTurn: async (_cluster, _turn, nextMs) => void turns.push({ soon, nextMs }),
      ...given.store,
    },
  });
  const { outside } = ports;
  return {
    ports,
    outside,
    turns,
    pass: (minutes: number) => void (now += minutes * 60_000),
    sees: (look: DriftLook) => watchDrift('redis', ports, async () => look),
    click: async (offer: DriftOffer, change: Change = {}): Promise<Report | null> => {
      const { cluster = 'redis', fingerprint = outside.drifts.get('redis')?.fingerprint ?? '', ...by } = change;
      return answerClick(
        {
          id: `click-${outside.audited.length}`,
          click: { kind: 'drift', offer, cluster, fingerprint },
          user: 'U0BEN',
          name: 'ben',
          channel: CHANNEL,
          message: { channel: CHANNEL, timestamp: '1.0' },
          ...by,
        },
        ports,
      );
    },
    /** The last that the message said, and its buttons. */
    shown: () => {
      const last = outside.said.findLast(({ how }) => how === 'post' || how === 'edit');
      const buttons = (last?.buttons ?? []).map((click) => (click.kind === 'drift' ? click.offer : click.kind));
      return { title: last?.report?.title, text: JSON.stringify(last?.report), buttons };
    },
    ways: () => outside.said.map(({ how }) => how),
    ended: (name: string) => {
      outside.runs.set(name, run({ run: name, status: 'done', finishedAt: NOW.toISOString() }));
    },
  };
}

function codeOf(report: Report | null): string | undefined {
  return report?.footer?.[0]?.split(':')[0];
}

describe('the watch', () => {
  it('reports a drift once, edits the message as it changes, and says when it is gone', async () => {
    const { sees, ways, shown, outside } = watched();
    await sees(found([MAXMEMORY]));
    await sees(found([MAXMEMORY]));
    expect(ways()).toEqual(['post']);
    expect(outside.said[0]?.where).toBe(CHANNEL);
    expect(shown().buttons).toEqual(['apply', 'ignore-day', 'ignore-week']);
    await sees(found([MAXMEMORY, TIMEOUT]));
    expect(ways()).toEqual(['post', 'edit', 'reply']);
    expect(outside.said[2]?.report?.summary).toContain('1 difference more');
    await sees(found([TIMEOUT]));
    await sees(found([]));
    await sees(found([]));
    expect(ways()).toEqual(['post', 'edit', 'reply', 'edit', 'edit']);
    expect(shown()).toMatchObject({ title: 'redis: no more drift', buttons: [] });
    expect(shown().text).toContain('Since 2025-11-23 12:00 UTC all nodes match Git');
    await sees(found([TIMEOUT]));
    expect(ways().filter((how) => how === 'post')).toHaveLength(2);
  });

  it('says nothing without drift', async () => {
    const { sees, ways } = watched();
    await sees(found([]));
    expect(ways()).toEqual([]);
  });

  it('keeps clusters apart: each has its own message, in its own channel, as often as its rules say', async () => {
    const rules = { shop: ['channel: C0SHOP', 'drift: { every: 5m }'], cache: ['channel: C0CACHE'] };
    const { ports, outside, turns } = watched({ files: twoClusters({ password: 'canary', rules }) });
    const sees = (cluster: string, drifts: readonly Drift[]) =>
      watchDrift(cluster, ports, async (_, of = '') => found(drifts, { cluster: of }));
    await sees('shop', [MAXMEMORY]);
    await sees('cache', [TIMEOUT]);
    await sees('shop', []);
    expect(outside.said.map(({ how, where, report }) => [how, where, report?.title])).toEqual([
      ['post', 'C0SHOP', expect.stringContaining('shop: ')],
      ['post', 'C0CACHE', expect.stringContaining('cache: ')],
      ['edit', '1.0', 'shop: no more drift'],
    ]);
    expect([outside.drifts.get('shop')?.goneAt, outside.drifts.get('cache')?.goneAt]).toEqual([
      NOW.toISOString(),
      null,
    ]);
    expect(turns.map(({ nextMs }) => nextMs)).toEqual([300_000, 900_000, 300_000]);
  });

  it('continues in the message posted by an earlier worker', async () => {
    const first = watched();
    await first.sees(found([MAXMEMORY]));
    const second = watched();
    const [cluster, record] = [...first.outside.drifts][0] ?? [];
    if (cluster && record) second.outside.drifts.set(cluster, record);
    await second.sees(found([MAXMEMORY]));
    expect(second.ways()).toEqual([]);
    await second.sees(found([]));
    expect(second.ways()).toEqual(['edit']);
  });

  it('names unreadable nodes, and does not treat them as fixed', async () => {
    const unread = [{ node: 'redis-02', code: 'SSH_TIMEOUT' as const, reason: 'no answer' }];
    const { sees, shown, ways } = watched();
    await sees(found([MAXMEMORY]));
    await sees(found([], { unread }));
    expect(shown().text).toContain('redis-02: no answer (SSH_TIMEOUT)');
    expect(shown().text).toContain('maxmemory');
    await sees(found([]));
    expect(shown().title).toBe('redis: no more drift');
    expect(ways()).toEqual(['post', 'edit', 'edit']);
  });

  it('retries what Slack did not accept', async () => {
    let down = true;
    const said: string[] = [];
    const { sees } = watched({
      chat: {
        post: async (channel) => {
          if (down) throw new Error('down');
          said.push(channel);
          return { channel, timestamp: '1.0' };
        },
      },
    });
    await sees(found([MAXMEMORY]));
    down = false;
    await sees(found([MAXMEMORY]));
    await sees(found([MAXMEMORY]));
    expect(said).toEqual([CHANNEL]);
  });

  it.each(['queued', 'planning', 'awaiting-approval', 'running'] as const)(
    'does not look while a run is %s',
    async (status) => {
      const { sees, ways, outside, turns } = watched();
      outside.runs.set('r-1', run({ run: 'r-1', status }));
      await sees(found([MAXMEMORY]));
      expect([ways(), turns]).toEqual([[], []]);
    },
  );

  it('discards a look if a run came in between', async () => {
    const { ports, ways, outside, ended } = watched();
    await watchDrift('redis', ports, async () => {
      ended('r-1');
      return found([MAXMEMORY]);
    });
    expect([ways(), outside.drifts.size]).toEqual([[], 0]);
  });

  it('looks at once after a run that may have ended the drift, and once only', async () => {
    const { sees, ended, turns } = watched();
    await sees(found([MAXMEMORY]));
    ended('r-1');
    await sees(found([MAXMEMORY]));
    await sees(found([MAXMEMORY]));
    expect(turns.map(({ soon }) => soon)).toEqual([false, true, false]);
  });

  it.each<[string, readonly string[], number, number]>([
    ['15 minutes', [], 900_000, 1],
    ['its own time', ['drift: {every: 2h}'], 7_200_000, 1],
    ['never', ['drift: {every: never}'], 900_000, 0],
  ])('looks every %s', async (_, policy, nextMs, posts) => {
    const { sees, turns, ways } = watched({ policy });
    await sees(found([MAXMEMORY]));
    expect([turns.map((turn) => turn.nextMs), ways().length]).toEqual([[nextMs], posts]);
  });

  it('does not look right at the start, nor in another worker’s turn', async () => {
    for (const turn of [null, { token: 't', first: true }]) {
      const { sees, ways } = watched({ store: { takeDriftTurn: async () => turn } });
      await sees(found([MAXMEMORY]));
      expect(ways()).toEqual([]);
    }
  });

  it('ends its turn when the look fails, and tries again soon', async () => {
    const { ports, turns } = watched({ ports: { source: () => Promise.reject(new Error('GitHub is down')) } });
    await expect(watchDrift('redis', ports)).rejects.toThrow('GitHub is down');
    expect(turns).toEqual([{ soon: false, nextMs: 60_000 }]);
  });

  it('fits in one Slack message, however large the drift', async () => {
    const { sees, outside } = watched();
    const many = Array.from({ length: 300 }, (_, index) => ({
      ...MAXMEMORY,
      subject: `s${index}`,
      actual: `${index}`,
    }));
    await sees(found([...many, ...many.map((drift) => ({ ...drift, node: 'redis-03', byApply: false }))]));
    const report = outside.said[0]?.report;
    expect(report && slackMessages(report, [])).toHaveLength(1);
  });
});

describe('automatic apply', () => {
  const policy = ['drift: {every: 15m, apply: true}'];

  it('is not done unless it is set', async () => {
    const { sees, outside } = watched();
    await sees(found([MAXMEMORY]));
    expect(outside.jobs).toEqual([]);
  });

  it('is a run like any other, said in the one message', async () => {
    const { sees, outside, shown } = watched({ policy });
    await sees(found([MAXMEMORY]));
    const [queued] = outside.runs.values();
    expect(outside.jobs).toMatchObject([{ name: 'propose', data: { run: queued?.run, cluster: 'redis' } }]);
    expect([...outside.runs.values()]).toMatchObject([
      { status: 'queued', cluster: 'redis', goal: { kind: 'converge' }, origin: { from: 'redisops', actor: 'drift' } },
    ]);
    expect(outside.audited).toMatchObject([{ origin: { from: 'redisops' }, outcome: 'queued' }]);
    expect(shown()).toMatchObject({ buttons: [] });
    expect(shown().text).toContain('automatically');
  });

  it('does not reapply a rolled-back commit', async () => {
    const { sees, outside } = watched({ policy });
    const goal = { kind: 'rollback', revision: 'a'.repeat(40) } as const;
    outside.runs.set('back', run({ run: 'back', goal }));
    await sees(found([MAXMEMORY]));
    expect(outside.jobs).toEqual([]);
  });

  it('is not repeated within an hour, unless someone clicks; after that it is', async () => {
    const { sees, outside, ended, pass, shown, click } = watched({ policy });
    const runOf = (index: number) => [...outside.runs.keys()][index] ?? '';
    await sees(found([MAXMEMORY]));
    ended(runOf(0));
    pass(1);
    await sees(found([]));
    pass(30);
    await sees(found([MAXMEMORY]));
    expect(outside.jobs).toHaveLength(1);
    expect(shown().text).toContain('Not again within an hour');
    expect(shown().buttons).toContain('apply');
    await click('apply');
    expect(outside.jobs).toHaveLength(2);
    ended(runOf(1));
    pass(30);
    await sees(found([MAXMEMORY]));
    expect(outside.jobs).toHaveLength(3);
  });

  it.each<[string, DriftLook]>([
    ['a node is unknown', found([MAXMEMORY], { unread: [{ node: 'redis-03', code: 'SSH_TIMEOUT', reason: 'x' }] })],
    ['a guard stands against it', found([MAXMEMORY], { obstacles: ['redis-02 is loading its data.'] })],
    ['an apply would leave all as it is', found([{ ...MAXMEMORY, byApply: false }])],
  ])('is not done where %s', async (_, look) => {
    const { sees, outside, shown } = watched({ policy });
    await sees(look);
    expect(outside.jobs).toEqual([]);
    expect(shown().buttons).toContain('ignore-day');
  });

  it('is not done while it is ignored', async () => {
    const { sees, outside, click, pass } = watched({ policy: [...policy] });
    await sees(found([{ ...MAXMEMORY, byApply: false }]));
    expect(await click('ignore-day')).toBeNull();
    pass(15);
    await sees(found([MAXMEMORY]));
    expect(outside.jobs).toEqual([]);
  });
});

describe('a click on', () => {
  it('Apply queues a converge run by that person, once', async () => {
    const { sees, outside, click, shown } = watched();
    await sees(found([MAXMEMORY]));
    const report = await click('apply');
    expect(report?.summary).toContain('Queued as run');
    const [name] = outside.runs.keys();
    expect(outside.jobs).toMatchObject([{ name: 'propose', data: { run: name } }]);
    expect([...outside.runs.values()]).toMatchObject([
      { goal: { kind: 'converge' }, origin: { from: 'slack', actor: 'U0BEN' } },
    ]);
    expect(shown().text).toContain(`Run \`${name}\` applies Git, asked for by ben (U0BEN)`);
    expect(shown().buttons).toEqual([]);
    expect(codeOf(await click('apply'))).toBe('DRIFT_STALE');
    expect(outside.jobs).toHaveLength(1);
  });

  it('Apply that did not end it restores the buttons after the run', async () => {
    const { sees, outside, click, shown, ended } = watched();
    await sees(found([MAXMEMORY]));
    await click('apply');
    ended([...outside.runs.keys()][0] ?? '');
    await sees(found([MAXMEMORY]));
    expect(shown().buttons).toContain('apply');
  });

  it.each<[DriftOffer, string, number]>([
    ['ignore-day', '2025-11-24 12:00 UTC', 1],
    ['ignore-week', '2025-11-30 12:00 UTC', 7],
  ])('%s says by whom and until when, and what then', async (offer, until, days) => {
    const { sees, click, shown, ways, outside, pass } = watched();
    await sees(found([MAXMEMORY]));
    expect(await click(offer)).toBeNull();
    expect(shown().text).toContain(`Ignored until ${until} by ben (U0BEN)`);
    expect(shown().buttons).toEqual(['apply']);
    expect(outside.audited).toMatchObject([{ origin: { actor: 'U0BEN' }, outcome: 'done' }]);
    pass(days * 24 * 60 - 1);
    await sees(found([MAXMEMORY]));
    expect(ways()).toEqual(['post', 'edit']);
    pass(1);
    await sees(found([MAXMEMORY]));
    expect(ways()).toEqual(['post', 'edit', 'edit', 'reply']);
    expect(shown().buttons).toContain('ignore-day');
  });

  it.each<[DriftOffer, string, Given, Change]>([
    ['apply', 'NOT_ALLOWED', { policy: ['requesters: [U0ANNA]'] }, {}],
    ['ignore-day', 'NOT_ALLOWED', { policy: ['requesters: [U0ANNA]'] }, {}],
    ['apply', 'NOT_ALLOWED', {}, { channel: 'C0OTHER' }],
    ['ignore-week', 'NOT_ALLOWED', {}, { channel: 'C0OTHER' }],
    ['apply', 'DRIFT_STALE', {}, { fingerprint: '0'.repeat(16) }],
    ['ignore-day', 'DRIFT_STALE', {}, { fingerprint: '0'.repeat(16) }],
    ['ignore-day', 'UNKNOWN_CLUSTER', {}, { cluster: 'other' }],
  ])('%s is refused: %s', async (offer, code, given, change) => {
    const { sees, click, outside } = watched(given);
    await sees(found([MAXMEMORY]));
    expect(codeOf(await click(offer, change))).toBe(code);
    expect([outside.jobs, outside.drifts.get('redis')?.ignored]).toEqual([[], null]);
    expect(outside.audited.map(({ outcome }) => outcome)).toEqual([code]);
  });

  it('Open a pull request is offered if Git is on GitHub, and refused if the nodes have changed', async () => {
    const opened: unknown[] = [];
    const pullRequests: Partial<PullRequests> = {
      create: async (change) => (opened.push(change), { number: 1, url: 'u' }),
    };
    const { sees, click, shown } = watched({ ports: { gitHub: fakeGitHub({ pullRequests }) } });
    await sees(found([MAXMEMORY]));
    expect(shown().buttons).toEqual(['apply', 'pull-request', 'ignore-day', 'ignore-week']);
    expect(codeOf(await click('pull-request'))).toBe('DRIFT_STALE');
    expect(codeOf(await click('pull-request', { channel: 'C0OTHER' }))).toBe('NOT_ALLOWED');
    expect(opened).toEqual([]);
  });

  it('Open a pull request is refused without GitHub', async () => {
    const { sees, click } = watched();
    await sees(found([MAXMEMORY]));
    expect(codeOf(await click('pull-request'))).toBe('NOT_AVAILABLE_YET');
  });

  it('a drift that is gone does nothing', async () => {
    const { sees, click, outside } = watched();
    await sees(found([MAXMEMORY]));
    await sees(found([]));
    expect(codeOf(await click('apply'))).toBe('DRIFT_STALE');
    expect(outside.jobs).toEqual([]);
  });

  it('Apply or Ignore counts even if Slack is down; the next look shows it', async () => {
    let down = false;
    const edits: unknown[] = [];
    const edit = async (_: unknown, report: Report) => {
      if (down) throw new Error('down');
      edits.push(JSON.stringify(report));
    };
    const { sees, click } = watched({ chat: { edit } });
    await sees(found([MAXMEMORY]));
    down = true;
    expect(await click('ignore-day')).toBeNull();
    down = false;
    await sees(found([MAXMEMORY]));
    expect(edits).toEqual([expect.stringContaining('Ignored until')]);
  });
});
