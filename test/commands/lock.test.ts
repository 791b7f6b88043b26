import { describe, expect, it } from 'vitest';
import { answerTyped } from '../chat/typed.ts';
import { readLock } from '../../commands/lock.ts';
import type { Report } from '../../src/domain/report.ts';
import { record } from '../report/fixtures.ts';
import { CHANNEL, portsOf } from '../ports.ts';

const PEOPLE = ['requesters: [U0ANNA]', 'approvers: [U0BEN]'];

function opened(policy: readonly string[] = PEOPLE) {
  const ports = portsOf({ policy });
  const type = (text: string, user = 'U0ANNA', channel = CHANNEL) =>
    answerTyped({ id: 't', text, user, channel }, ports);
  return { ports, type, outside: ports.outside };
}

function codeOf(report: Report): string | undefined {
  return report.footer?.[0]?.split(':')[0];
}

describe('lock', () => {
  it('is stored, announced in the channel and shown by status, until unlocked', async () => {
    const { type, outside } = opened();
    expect((await type('lock "new disks for redis-02" for 2h')).title).toBe('redis is locked');
    expect(outside.locks.get('redis')).toEqual({
      by: { from: 'slack', actor: 'U0ANNA' },
      reason: 'new disks for redis-02',
      at: '2025-11-23T12:00:00.000Z',
      until: '2025-11-23T14:00:00.000Z',
    });
    expect(JSON.stringify((await type('status')).sections)).toContain(
      'redis is locked by U0ANNA until 2025-11-23 14:00 UTC: new disks for redis-02 (CLUSTER_LOCKED)',
    );
    expect((await type('unlock', 'U0BEN')).title).toBe('redis is unlocked');
    expect(outside.locks.size).toBe(0);
    expect(JSON.stringify((await type('status')).sections)).not.toContain('LOCKED');
    expect(outside.audited.map(({ what, outcome }) => `${what} → ${outcome}`)).toEqual([
      'lock for 2h: new disks for redis-02 → done',
      'unlock; it was locked by U0ANNA: new disks for redis-02 → done',
    ]);
    const told = outside.said.filter(({ how, where }) => how === 'post' && where === CHANNEL);
    expect(told.map(({ report }) => report?.title)).toEqual(['redis is locked', 'redis is unlocked']);
  });

  it('names the run that continues', async () => {
    const { type, outside } = opened();
    outside.runs.set('r-1', record({ run: 'r-1', status: 'running' }));
    expect((await type('lock disks')).summary).toMatch(/Until someone unlocks it, no run starts\. `r-1` has begun/);
  });

  it('replaces an earlier one of the same person, and says so', async () => {
    const { type, outside } = opened();
    await type('lock disks for 2 hours');
    const { summary } = await type('lock again');
    expect(summary).toContain('This replaces the lock “disks”, which was to last until 2025-11-23 14:00 UTC.');
    expect(outside.locks.get('redis')).toMatchObject({ reason: 'again', until: null });
    expect((await type('lock again for 1h')).summary).toContain('which was to last until someone unlocks it.');
  });

  it.each([
    ['apply', 'CLUSTER_LOCKED'],
    ['resync redis-02', 'CLUSTER_LOCKED'],
    ['purge', 'CLUSTER_LOCKED'],
    ['rollback', 'CLUSTER_LOCKED'],
    ['apply --break-glass "fire"', 'CLUSTER_LOCKED'],
  ])('refuses %s at once, without a run', async (text, code) => {
    const { type, outside } = opened();
    await type('lock disks for 2h');
    const answer = await type(text);
    expect([codeOf(answer), answer.summary]).toEqual([
      code,
      'redis is locked by U0ANNA until 2025-11-23 14:00 UTC: disks',
    ]);
    expect([outside.runs.size, outside.jobs.length]).toEqual([0, 0]);
    expect(outside.audited.at(-1)).toMatchObject({ outcome: code });
  });

  it('of someone else stays unchanged', async () => {
    const { type, outside } = opened();
    await type('lock disks');
    const answer = await type('lock mine for 1m', 'U0BEN');
    expect([codeOf(answer), answer.summary]).toEqual([
      'CLUSTER_LOCKED',
      'redis is locked by U0ANNA until someone unlocks it: disks',
    ]);
    expect(outside.locks.get('redis')?.reason).toBe('disks');
  });

  it.each([
    ['lock', 'USAGE'],
    ['lock for 2h', 'USAGE'],
    ['lock disks for ever', 'USAGE'],
    ['lock disks for 100d', 'USAGE'],
    ['lock disks for two hours', 'USAGE'],
    ['lock disks until 14:00', 'USAGE'],
    ['lock disks 2h', 'USAGE'],
    ['unlock', 'NOT_LOCKED'],
    ['unlock now', 'USAGE'],
    ['status --break-glass "it is mine"', 'USAGE'],
  ])('%s is refused', async (text, code) => {
    const { type, outside } = opened();
    expect(codeOf(await type(text))).toBe(code);
    expect(outside.locks.size).toBe(0);
  });

  it.each([
    ['an approver from anywhere', 'U0BEN', 'C0OTHER', undefined],
    ['a requester from elsewhere', 'U0ANNA', 'C0OTHER', 'NOT_ALLOWED'],
    ['somebody else', 'U0CARLA', CHANNEL, 'NOT_ALLOWED'],
  ])('by %s', async (_, user, channel, code) => {
    const { type, outside } = opened();
    expect(codeOf(await type('lock disks', user, channel))).toBe(code);
    expect(outside.locks.size).toBe(code ? 0 : 1);
    expect(outside.audited).toMatchObject([{ outcome: code ?? 'done' }]);
  });
});

describe('a lock’s text', () => {
  it.each([
    [['disks'], { reason: 'disks', forMs: null }],
    [['wait', 'for', 'it', 'for', '45m'], { reason: 'wait for it', forMs: 2_700_000 }],
    [['disks', 'FOR', '1D'], { reason: 'disks', forMs: 86_400_000 }],
    [['disks', 'for', '2', 'hours'], { reason: 'disks', forMs: 7_200_000 }],
    [['waiting for 2h'], { reason: 'waiting for 2h', forMs: null }],
  ])('%j', (operands, expected) => {
    expect(readLock(operands)).toEqual(expected);
  });
});

describe('a freeze', () => {
  const FROZEN = [...PEOPLE, 'freeze: [{cron: 0 12 * * *, minutes: 60, reason: lunch}]'];

  it('refuses a change at once, unless it is overridden', async () => {
    const { type, outside } = opened(FROZEN);
    expect(codeOf(await type('apply'))).toBe('FROZEN');
    expect(outside.runs.size).toBe(0);
    await type('apply --break-glass "fire"');
    expect(outside.runs.size).toBe(1);
  });
});

describe('break-glass', () => {
  it('is kept with the run, and audited', async () => {
    const { type, outside } = opened();
    await type('apply --break-glass "the shop is down"');
    const [run] = outside.runs.values();
    expect(run?.breakGlass).toBe('the shop is down');
    expect(outside.audited).toMatchObject([{ what: 'converge to Git, overriding a freeze: the shop is down' }]);
  });
});
