import { expect, it } from 'vitest';
import { webhookBurst } from '../../lab/webhook-burst.ts';

/** `npm run bench:webhooks` is the same with 10,000, and holds the times against what is promised. */
it(
  'of 1,500 webhooks, with the bot killed half way, nothing is lost and nothing done twice',
  { timeout: 90_000 },
  async () => {
    const figures = await webhookBurst({ webhooks: 1500, connections: 32, merges: 4, pullRequests: 2, kills: true });
    expect(figures).toMatchObject({ managed: 3, runs: 3, lost: 0, doubled: 0, planned: 2, plannedTwice: 0 });
    const { 202: taken = 0, 0: unheard = 0 } = figures.answers;
    expect(taken + unheard).toBe(1500);
    expect(unheard).toBeGreaterThan(0);
    expect(taken).toBeGreaterThan(750);
    // What GitHub waits; on a machine that does nothing else it is far less.
    expect(figures.longest).toBeLessThan(10_000);
    expect(figures.askedOfGitHub).toBeLessThan(taken / 2);
  },
);
