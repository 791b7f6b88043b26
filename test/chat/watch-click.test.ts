import { describe, expect, it } from 'vitest';
import type { FailoverRecord } from '../../src/domain/failover/failover-record.ts';
import { failoverFingerprint } from '../../src/domain/failover/failover-record.ts';
import type { WatchOffer } from '../../src/domain/chat/click.ts';
import { answerClick } from '../../src/chat/answer-click.ts';
import { failoverMessage } from '../../src/report/cluster/failover-message.ts';
import { slackMessages } from '../../src/report/slack/slack-messages.ts';
import { failoverButtons } from '../../src/run/failover/tell-failover.ts';
import { CHANNEL, fakeGitHub, NOW, portsOf } from '../ports.ts';
import { failover } from '../report/fixtures.ts';

const RECORD = failover({
  at: NOW.toISOString(),
  after: { failover: 'f-20251123-115000-e3', minutes: 10 },
  message: { channel: CHANNEL, timestamp: '1.0' },
});

async function click(offer: WatchOffer, record = RECORD, fingerprint = failoverFingerprint(record)) {
  const ports = portsOf();
  ports.outside.failovers.set(record.failover, record);
  const report = await answerClick(
    {
      id: 'c-1',
      click: { kind: 'watch', about: 'failover', offer, cluster: 'redis', fingerprint },
      user: 'U0BEN',
      name: 'ben',
      channel: CHANNEL,
      message: { channel: CHANNEL, timestamp: '1.0' },
    },
    ports,
  );
  return { report, ports, outside: ports.outside, now: ports.outside.failovers.get(record.failover) };
}

describe('a button below a failover', () => {
  it('acknowledges it, with who, why and until when', async () => {
    const { report, now, outside } = await click('known');
    expect(report).toBeNull();
    expect(now?.acknowledged).toEqual({
      by: 'ben (U0BEN)',
      at: NOW.toISOString(),
      reason: 'known',
      until: '2025-11-24T12:00:00.000Z',
    });
    expect(JSON.stringify(outside.said.at(-1))).toContain('Acknowledged by ben (U0BEN): known');
    expect(outside.audited.at(-1)).toMatchObject({ what: 'failover: known', outcome: 'done' });
  });

  it('plans the way back as a run that waits for its approval', async () => {
    const { outside, now } = await click('way-back');
    expect([...outside.runs.values()]).toMatchObject([
      { status: 'queued', goal: { kind: 'failover', mode: 'planned', node: 'redis-01' }, origin: { actor: 'U0BEN' } },
    ]);
    expect(now?.wayBack).toBe([...outside.runs.keys()][0]);
  });

  it('that belongs to no failover that is kept changes nothing', async () => {
    const { report, now } = await click('known', RECORD, '0123456789abcdef');
    expect(report?.footer?.[0]).toContain('MESSAGE_STALE');
    expect(now).toEqual(RECORD);
  });

  it('is there for what is left to do', () => {
    const offers = (record: FailoverRecord, gitHub = fakeGitHub()) =>
      failoverButtons(record, { gitHub }).map((each) => each.kind === 'watch' && each.offer);
    expect(offers(RECORD)).toEqual(['pull-request', 'way-back', 'working', 'known', 'accepted']);
    expect(offers({ ...RECORD, after: null, wayBack: 'r-1', pullRequest: { number: 7, url: 'https://x' } })).toEqual(
      [],
    );
    expect(offers({ ...RECORD, to: null })).toEqual(['working', 'known', 'accepted']);
  });
});

it.each([
  RECORD,
  { ...RECORD, to: null, givenUp: { event: '-failover-abort-no-good-slave', tries: 2, nextTryAt: null } },
])('fits in one Slack message, with its buttons', (record) => {
  const message = failoverMessage(record as FailoverRecord);
  expect(slackMessages(message, failoverButtons(record as FailoverRecord, { gitHub: null }))).toHaveLength(1);
});
