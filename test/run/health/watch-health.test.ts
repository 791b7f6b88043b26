import { describe, expect, it } from 'vitest';
import { answerClick } from '../../../src/chat/answer-click.ts';
import { answerCommand } from '../../../src/chat/answer.ts';
import { commandNamed } from '../../../commands/table.ts';
import type { WatchOffer } from '../../../src/domain/chat/click.ts';
import type { HealthLook } from '../../../src/domain/health/health-record.ts';
import { watchHealth } from '../../../src/run/health/watch-health.ts';
import { CHANNEL, NOW, portsOf, type Given } from '../../ports.ts';
import { record as run } from '../../report/fixtures.ts';
import { realClock } from '../../../src/time/real-clock.ts';

const WELL: HealthLook = { cluster: 'redis', revision: 'c'.repeat(40), verdict: 'healthy', reasons: [], readiness: [] };
const ILL: HealthLook = {
  ...WELL,
  verdict: 'degraded',
  reasons: [{ code: 'REPLICA_LINK_DOWN', node: 'redis-02', message: 'redis-02 has no link to redis-01 (connect).' }],
};
const UNREADY: HealthLook = {
  ...WELL,
  readiness: [{ code: 'SENTINEL_NO_QUORUM', nodes: [], message: 'The Sentinels have no quorum.', cure: 'Start them.' }],
};

function watched(given: Given = {}) {
  let now = NOW.getTime();
  const ports = portsOf({ ...given, ports: { clock: { ...realClock, now: () => new Date(now) }, ...given.ports } });
  const { outside } = ports;
  const sees = async (look: HealthLook, change: { isCertain?: boolean; soon?: boolean } = {}) => {
    const asked = { withinMs: 60_000, soon: true, isCertain: false, ...change, see: async () => look };
    await watchHealth('redis', asked, ports);
  };
  const last = () => outside.said.findLast(({ how }) => how === 'post' || how === 'edit');
  return {
    ports,
    outside,
    sees,
    last,
    pass: (minutes: number) => void (now += minutes * 60_000),
    ways: () => outside.said.map(({ how }) => how),
    text: () => JSON.stringify(last()?.report),
    click: (offer: WatchOffer, fingerprint?: string) => {
      const button = last()?.buttons?.find((each) => each.kind === 'watch' && each.offer === offer);
      if (button?.kind !== 'watch') throw new Error(`no button ${offer}`);
      const click = { ...button, ...(fingerprint === undefined ? {} : { fingerprint }) };
      const message = { channel: CHANNEL, timestamp: '1.0' };
      return answerClick({ id: 'c-1', click, user: 'U0BEN', name: 'ben', channel: CHANNEL, message }, ports);
    },
  };
}

describe('the watch of health', () => {
  it('reports trouble in one message, edits it, and says when it is over', async () => {
    const { sees, ways, last, text } = watched();
    await sees(WELL);
    await sees(ILL);
    expect(ways()).toEqual([]);
    await sees(ILL);
    await sees(ILL);
    expect(ways()).toEqual(['post']);
    expect(last()).toMatchObject({ where: CHANNEL, report: { title: 'redis: degraded' } });
    expect(text()).toContain('redis-02 has no link to redis-01 (connect). (REPLICA_LINK_DOWN)');
    await sees({ ...ILL, readiness: UNREADY.readiness });
    expect(ways()).toEqual(['post', 'edit', 'reply']);
    expect(last()?.report?.title).toBe('redis: degraded, and a failover would fail');
    await sees(WELL);
    expect(ways()).toEqual(['post', 'edit', 'reply']);
    await sees(WELL);
    await sees(WELL);
    expect(ways()).toEqual(['post', 'edit', 'reply', 'edit', 'reply']);
    expect(last()).toMatchObject({ report: { title: 'redis: healthy again' }, buttons: [] });
  });

  it('reports a healthy cluster whose failover would fail', async () => {
    const { sees, last, text } = watched();
    await sees(WELL);
    await sees(UNREADY, { isCertain: true });
    expect(last()?.report?.title).toBe('redis: healthy, but a failover would fail');
    expect(text()).toContain('Start them.');
  });

  it('says nothing of a cluster that is not set up yet', async () => {
    const { sees, ways, outside } = watched();
    await sees(ILL);
    await sees(ILL);
    expect([ways(), outside.health.size]).toEqual([[], 0]);
    outside.runs.set('r-1', run({ run: 'r-1', status: 'done', finishedAt: NOW.toISOString() }));
    await sees(ILL);
    await sees(ILL);
    expect(ways()).toEqual(['post']);
  });

  it('is silent while a run changes nodes, and looks while one waits for its approval', async () => {
    const { sees, ways, outside } = watched();
    await sees(WELL);
    outside.runs.set('r-1', run({ run: 'r-1', status: 'running' }));
    await sees(ILL);
    await sees(ILL);
    expect(ways()).toEqual([]);
    outside.runs.set('r-1', run({ run: 'r-1', status: 'awaiting-approval' }));
    await sees(ILL);
    await sees(ILL);
    expect(ways()).toEqual(['post']);
  });

  it('looks when it is due, and again soon when one look was not enough', async () => {
    const nextMs: number[] = [];
    const { sees, ways } = watched({
      store: {
        takeHealthTurn: async (_cluster, soon) => (soon ? { token: 't', first: false } : null),
        endHealthTurn: async (_cluster, _turn, next) => void nextMs.push(next),
      },
    });
    await sees(WELL);
    await sees(ILL, { soon: false });
    await sees(ILL);
    await sees(ILL);
    expect([nextMs, ways()]).toEqual([[45_000, 10_000, 45_000], ['post']]);
  });

  it('continues in the message of an earlier worker', async () => {
    const first = watched();
    await first.sees(WELL);
    await first.sees(ILL, { isCertain: true });
    const second = watched();
    for (const [cluster, record] of first.outside.health) second.outside.health.set(cluster, record);
    await second.sees(ILL);
    expect(second.ways()).toEqual([]);
    await second.sees(WELL);
    await second.sees(WELL);
    expect(second.ways()).toEqual(['edit', 'reply']);
  });

  it('retries what Slack did not accept', async () => {
    let isDown = true;
    const { sees, outside } = watched({
      chat: {
        post: async (channel) => {
          if (isDown) throw new Error('down');
          return { channel, timestamp: '1.0' };
        },
      },
    });
    await sees(WELL);
    await sees(ILL, { isCertain: true });
    expect(outside.health.get('redis')?.message).toBeNull();
    isDown = false;
    await sees(ILL);
    expect(outside.health.get('redis')?.message).toEqual({ channel: CHANNEL, timestamp: '1.0' });
  });
});

describe('an acknowledgement', () => {
  it('says who, why and until when, and is audited', async () => {
    const { sees, click, last, text, outside } = watched();
    await sees(WELL);
    await sees(ILL, { isCertain: true });
    expect(await click('known')).toBeNull();
    expect(last()).toMatchObject({ how: 'edit', report: { tone: 'neutral' }, buttons: [] });
    expect(text()).toContain(
      'Acknowledged by ben (U0BEN): known. From 2025-11-23 12:00 UTC until 2025-11-24 12:00 UTC.',
    );
    expect(outside.audited.at(-1)).toMatchObject({ what: 'health: known', outcome: 'done', cluster: 'redis' });
    await sees(ILL);
    expect(outside.said.at(-1)?.how).toBe('edit');
  });

  it('is over when its time is, and says so', async () => {
    const { sees, click, pass, outside, last } = watched();
    await sees(WELL);
    await sees(ILL, { isCertain: true });
    await click('working');
    pass(61);
    await sees(ILL);
    expect(outside.said.at(-1)).toMatchObject({ how: 'reply', report: { title: 'Still there' } });
    expect(last()?.buttons).toHaveLength(3);
  });

  it('of a state that has changed does not count', async () => {
    const { sees, click, outside } = watched();
    await sees(WELL);
    await sees(ILL, { isCertain: true });
    const answer = await click('known', '0123456789abcdef');
    expect(answer?.footer?.[0]).toContain('MESSAGE_STALE');
    expect(outside.health.get('redis')?.acknowledged).toBeNull();
  });

  it('may be given in words, with a reason and a time', async () => {
    const { sees, ports, text, outside } = watched();
    await sees(WELL);
    await sees(ILL, { isCertain: true });
    const asked = { id: 'm-1', user: 'U0ANNA', handle: 'anna', channel: CHANNEL };
    await answerCommand({ ...asked, text: 'acknowledge "disk is ordered" for 2h' }, commandNamed, ports);
    expect(text()).toContain(
      'Acknowledged by anna (U0ANNA): disk is ordered. From 2025-11-23 12:00 UTC until 2025-11-23 14:00 UTC',
    );
    expect(outside.audited.at(-1)).toMatchObject({ what: expect.stringContaining('disk is ordered'), outcome: 'done' });
  });
});
