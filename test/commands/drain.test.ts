import { describe, expect, it } from 'vitest';
import { answerTyped } from '../chat/typed.ts';
import { CHANNEL, portsOf } from '../ports.ts';

const PEOPLE = ['requesters: [U0ANNA]', 'approvers: [U0BEN]'];

function opened() {
  const ports = portsOf({ policy: PEOPLE });
  const type = (text: string, user = 'U0ANNA') => answerTyped({ id: 't', text, user, channel: CHANNEL }, ports);
  return { type, outside: ports.outside, goals: () => [...ports.outside.runs.values()].map(({ goal }) => goal) };
}

describe('drain and undrain from chat', () => {
  it.each([
    ['drain REDIS-02', { kind: 'drain', node: 'redis-02', by: 'U0ANNA', at: '2025-11-23T12:00:00.000Z' }],
    ['undrain redis-02', { kind: 'undrain', node: 'redis-02' }],
  ])('queues “%s”', async (text, goal) => {
    const { type, goals, outside } = opened();
    expect((await type(text)).summary).toContain('Queued as run');
    expect(goals()).toMatchObject([goal]);
    expect(outside.audited.length).toBeGreaterThan(0);
  });

  it.each([
    ['drain', 'USAGE'],
    ['drain redis-9', 'UNKNOWN_NODE'],
    ['undrain redis-01 redis-02', 'USAGE'],
  ])('refuses “%s”', async (text, code) => {
    const { type, goals } = opened();
    expect((await type(text)).footer?.[0]).toMatch(new RegExp(`^${code}`));
    expect(goals()).toEqual([]);
  });

  it.each(['drain redis-02', 'undrain redis-02'])(
    'takes “%s” only from people who may change the cluster',
    async (text) => {
      const { type, goals } = opened();
      expect((await type(text, 'U0EVE')).footer?.[0]).toMatch(/^NOT_ALLOWED/);
      expect(goals()).toEqual([]);
    },
  );
});
