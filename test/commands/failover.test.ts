import { describe, expect, it } from 'vitest';
import { answerTyped } from '../chat/typed.ts';
import { CHANNEL, portsOf } from '../ports.ts';

function opened() {
  const ports = portsOf({ policy: ['requesters: [U0ANNA]', 'approvers: [U0BEN]'] });
  const type = (text: string, user = 'U0ANNA') => answerTyped({ id: 't', text, user, channel: CHANNEL }, ports);
  return { type, goals: () => [...ports.outside.runs.values()].map(({ goal }) => goal) };
}

describe('a drill from chat', () => {
  it.each(['drill', 'drill planned', 'drill PLANNED'])('queues “%s”', async (text) => {
    const { type, goals } = opened();
    await type(text);
    expect(goals()).toEqual([{ kind: 'drill', scenario: 'planned' }]);
  });

  it.each([
    ['drill fire', 'U0ANNA', 'USAGE'],
    ['drill planned kill', 'U0ANNA', 'USAGE'],
    ['drill kill', 'U0ANNA', 'NOT_AVAILABLE_YET'],
    ['drill --break-glass "why not"', 'U0ANNA', 'USAGE'],
    ['drill', 'U0EVE', 'NOT_ALLOWED'],
  ])('refuses “%s” of %s with %s', async (text, user, code) => {
    const { type, goals } = opened();
    expect((await type(text, user)).footer?.[0]).toMatch(new RegExp(`^${code}`));
    expect(goals()).toEqual([]);
  });
});
