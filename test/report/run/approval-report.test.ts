import { describe, expect, it } from 'vitest';
import { approvalReport } from '../../../src/report/run/approval-report.ts';
import { blockKit } from '../../../src/report/slack/block-kit.ts';
import { DIGEST, action, approval, plan, purgeOf } from '../fixtures.ts';
import { itemsOf, rowsOf } from '../look.ts';

describe('approvalReport', () => {
  it('shows the goal, the requester, the figures, the digest and the expiry', () => {
    const report = approvalReport(approval());
    expect(report).toMatchObject({
      title: 'redis: resync redis-03 needs an approval',
      askedBy: { from: 'slack', actor: 'U024BE7LH' },
      summary: '2 steps on redis-03. Service on it is disturbed.',
    });
    expect(itemsOf(report, 'What disturbs service').map(({ text }) => text)).toEqual([
      expect.stringContaining('redis-03: resync from redis-01\nredis-03 drops its 12,040 keys'),
    ]);
    expect(itemsOf(report, 'Warnings')).toHaveLength(1);
    expect(rowsOf(report, 'Nodes')).toEqual([['redis-03', 'replica', '2', 'full resynchronization']]);
    expect(report.sections.at(-1)).toMatchObject({
      text: expect.stringMatching(/`3f9a1c2b4d5e`.*until 2025-12-03 14:35 UTC/),
    });
    expect(report.footer).toContain(`Digest ${DIGEST}`);
  });

  it('says how many keys go, and that they are copied before', () => {
    const steps = [
      action('redis-02', 'back-up', { summary: 'Back up its 12 keys' }),
      { ...action('redis-02', 'replicate', { disruptive: true, summary: 'Give up its 12 keys' }), drops: 12 },
    ];
    const report = approvalReport(approval({ plan: plan({ waves: [{ actions: steps }] }) }));
    expect(itemsOf(report, 'What disturbs service')[0]?.text).toContain('redis-02: Give up its 12 keys');
    expect(rowsOf(report, 'Nodes')[0]?.at(-1)).toBe('copied to redisops; its own keys are lost');
  });

  it('does not say that a purge disturbs service', () => {
    const report = approvalReport(approval({ plan: plan({ waves: [{ actions: [purgeOf([])] }] }) }));
    expect(itemsOf(report, 'What goes')[0]?.text).toBe('redis-02: Delete files\nThere is no way back.');
  });

  it('says that a freeze is broken, and why', () => {
    const quiet = plan({ waves: [{ actions: [action('redis-02', 'config-set', { summary: 'set maxmemory' })] }] });
    const report = approvalReport(approval({ plan: quiet, breakGlass: 'the shop is down' }));
    expect(itemsOf(report, 'Freeze overridden')).toEqual([{ tone: 'warning', text: 'the shop is down' }]);
    expect(report.sections.some(({ heading }) => heading === 'What disturbs service')).toBe(false);
  });

  it('stays one message, however large the plan', () => {
    const actions = Array.from({ length: 200 }, (_, at) =>
      action(`redis-${at}`, 'restart-unit', {
        summary: 'restart redis-server',
        disruptive: true,
        reason: 'io-threads changes',
      }),
    );
    const risks = actions.map(({ node }) => ({ code: null, node, message: 'forks once' }));
    const report = approvalReport(approval({ plan: plan({ waves: [{ actions }], risks }) }));
    expect(blockKit(report)).toHaveLength(1);
    expect(itemsOf(report, 'What disturbs service').at(-1)?.text).toBe('and 188 more; the thread shows all of them');
  });
});
