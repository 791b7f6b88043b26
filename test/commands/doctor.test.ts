import { describe, expect, it } from 'vitest';
import { blockKit } from '../../src/report/slack/block-kit.ts';
import { answerTyped } from '../chat/typed.ts';
import { CHANNEL, portsOf } from '../ports.ts';

function ask(user: string, channel = CHANNEL) {
  const ports = portsOf({ policy: ['requesters: [U0ANNA]', 'approvers: [U0BEN]'] });
  return answerTyped({ id: 't', text: 'doctor', user, channel }, ports);
}

describe('doctor', () => {
  it('is answered to everyone in the cluster’s channel, with what status and plan know', async () => {
    const { title, sections } = await ask('U0CLEO');
    expect(title).toBe('Doctor: 2 symptoms found');
    expect(sections.map(({ heading }) => heading)).toEqual([
      'redis-01, redis-02 and redis-03: SSH_UNREACHABLE (symptom)',
      'MASTER_UNKNOWN (symptom)',
    ]);
    expect(JSON.stringify(sections)).toContain('The same on redis-02 and redis-03.');
  });

  it('is not answered elsewhere to those whom redisops.yml does not name', async () => {
    expect((await ask('U0CLEO', 'C0OTHER')).footer?.[0]).toMatch(/^NOT_ALLOWED/);
  });

  it('fits into what Slack takes', async () => {
    const messages = blockKit(await ask('U0ANNA'));
    expect(messages).toHaveLength(1);
    expect(messages[0]?.length).toBeLessThanOrEqual(50);
  });
});
