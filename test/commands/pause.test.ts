import { describe, expect, it } from 'vitest';
import { answerTyped } from '../chat/typed.ts';
import { CHANNEL, portsOf } from '../ports.ts';

const PEOPLE = ['requesters: [U0ANNA]', 'approvers: [U0BEN]'];

function opened() {
  const ports = portsOf({ policy: PEOPLE });
  const type = (text: string, user = 'U0ANNA') => answerTyped({ id: 't', text, user, channel: CHANNEL }, ports);
  return { type, outside: ports.outside, goals: () => [...ports.outside.runs.values()].map(({ goal }) => goal) };
}

describe('pause and resume from chat', () => {
  it.each([
    [
      'pause 30m "new switch"',
      { kind: 'pause', until: '2025-11-23T12:30:00.000Z', reason: 'new switch', by: 'U0ANNA' },
    ],
    ['pause for 2 hours disks in rack 2', { kind: 'pause', reason: 'disks in rack 2' }],
    ['resume', { kind: 'resume' }],
  ])('queues “%s”', async (text, goal) => {
    const { type, goals, outside } = opened();
    expect((await type(text)).summary).toContain('Queued as run');
    expect(goals()).toMatchObject([goal]);
    expect(outside.audited.length).toBeGreaterThan(0);
  });

  it.each([
    ['pause', 'USAGE'],
    ['pause 30m', 'USAGE'],
    ['pause reboot', 'USAGE'],
    ['pause 3d reboot', 'USAGE'],
    ['resume now', 'USAGE'],
  ])('refuses “%s”', async (text, code) => {
    const { type, goals } = opened();
    expect((await type(text)).footer?.[0]).toMatch(new RegExp(`^${code}`));
    expect(goals()).toEqual([]);
  });

  it.each(['pause 30m x', 'resume'])('takes “%s” only from people who may change the cluster', async (text) => {
    const { type, goals } = opened();
    expect((await type(text, 'U0EVE')).footer?.[0]).toMatch(/^NOT_ALLOWED/);
    expect(goals()).toEqual([]);
  });
});
