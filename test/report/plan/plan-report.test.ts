import { describe, expect, it } from 'vitest';
import { planReport } from '../../../src/report/plan/plan-report.ts';
import { DIGEST, action, maxmemoryPlan, plan, purgeOf, resyncPlan, rollout, writeFile } from '../fixtures.ts';
import { headingsOf, itemsOf, rowsOf, sectionOf } from '../look.ts';

describe('planReport', () => {
  it('says plainly that there is nothing to do', () => {
    expect(planReport(plan())).toMatchObject({
      tone: 'good',
      summary: 'Nothing to do: the nodes already match.',
      sections: [],
    });
  });

  it('names each wave and node, live changes, and one diff for all', () => {
    const report = planReport(maxmemoryPlan());
    expect(report).toMatchObject({
      tone: 'neutral',
      summary: '6 steps on 3 nodes, in 3 waves. Clients are not disturbed.',
    });
    expect(headingsOf(report)).toEqual([
      'redis-02 (wave 1 of 3)',
      'redis-03 (wave 2 of 3)',
      'redis-01 (wave 3 of 3)',
      'Changed live',
      '/etc/redis/redis.conf on redis-02, redis-03 and redis-01',
    ]);
    expect(itemsOf(report, 'redis-02 (wave 1 of 3)').map(({ text }) => text)).toEqual([
      'write /etc/redis/redis.conf',
      'CONFIG SET maxmemory (live, no restart)',
    ]);
    expect(rowsOf(report, 'Changed live')[0]).toEqual([
      'redis-02',
      'maxmemory',
      '256 MiB (268435456)',
      '512 MiB (512mb)',
    ]);
    expect(report.sections.at(-1)).toMatchObject({
      language: 'diff',
      lines: ['  dir /data/redis', '- maxmemory 256mb', '+ maxmemory 512mb', '…', '  requirepass ••••••'],
    });
  });

  it('shows nodes of one wave with the same steps together', () => {
    const report = planReport(plan({ waves: [{ actions: [...rollout('redis-02'), ...rollout('redis-03')] }] }));
    expect(headingsOf(report)[0]).toBe('redis-02 and redis-03');
  });

  it('says what disturbs service, and why', () => {
    const report = planReport(resyncPlan());
    expect(report).toMatchObject({ tone: 'warning', summary: '2 steps on redis-03. Service on it is disturbed.' });
    expect(itemsOf(report, 'redis-03')).toEqual([
      {
        tone: 'warning',
        text: expect.stringMatching(
          /^resync from redis-01 \(full resynchronization\)\nDisturbs service: redis-03 drops its 12,040 keys/,
        ),
      },
      { tone: 'neutral', text: 'wait for the link to redis-01' },
    ]);
    expect(itemsOf(report, 'Warnings')).toHaveLength(1);
  });

  it('says which nodes a restart disturbs', () => {
    const restart = action('redis-02', 'restart-unit', {
      summary: 'restart redis-server',
      disruptive: true,
      reason: 'io-threads',
    });
    const report = planReport(plan({ waves: [{ actions: [restart, ...rollout('redis-03')] }] }));
    expect(report.summary).toBe('10 steps on 2 nodes. Service is disturbed on redis-02.');
    expect(itemsOf(report, 'redis-02')[0]?.text).toBe('restart redis-server (restart)\nDisturbs service: io-threads');
  });

  it('lists every file that a purge deletes', () => {
    const files = Array.from({ length: 9 }, (_, at) => {
      return { path: `${at}.rdb`, aside: `q/${at}.rdb`, bytes: 2048, modified: '1764770000.25', holdsData: true };
    });
    const report = planReport(plan({ waves: [{ actions: [purgeOf(files)] }] }));
    expect(report.summary).toBe('1 step on redis-02. Files are deleted for good. Clients are not disturbed.');
    expect(rowsOf(report, 'Files to remove on redis-02')).toHaveLength(9);
    expect(rowsOf(report, 'Files to remove on redis-02')[8]).toEqual([
      '/data/redis/8.rdb',
      '2 KiB',
      '2025-12-03 13:53 UTC',
    ]);
    expect(itemsOf(report, 'redis-02')[0]?.text).toBe('Delete files (cannot be undone)\nThere is no way back.');
  });

  it('puts blockers first, with code and hint', () => {
    const blocker = {
      code: 'MASTER_RESTART_HOLDS_DATA',
      node: 'redis-01',
      message: 'it holds data',
      hint: 'Hand over first.',
    } as const;
    const report = planReport(plan({ blockers: [blocker] }));
    expect(report).toMatchObject({ tone: 'warning', summary: 'Blocked: no changes will be made.' });
    expect(itemsOf(report, 'Blockers')).toEqual([
      { tone: 'bad', text: 'redis-01: it holds data (MASTER_RESTART_HOLDS_DATA)\nHand over first.' },
    ]);
  });

  it('masks a secret even if a planner did not', () => {
    const change = { directive: 'masterauth', from: 'old-canary', to: 'new-canary', secret: true };
    const set = {
      ...action('redis-02', 'config-set', { summary: 'CONFIG SET masterauth' }),
      kind: 'config-set',
      changes: [change],
    } as const;
    const report = planReport(plan({ waves: [{ actions: [set] }] }));
    expect(JSON.stringify(report)).not.toContain('canary');
    expect(rowsOf(report, 'Changed live')).toEqual([['redis-02', 'masterauth', '••••••', '••••••']]);
  });

  it('marks a new file', () => {
    const report = planReport(plan({ waves: [{ actions: [writeFile('redis-02', 'write it', { replaces: null })] }] }));
    expect(sectionOf(report, '/etc/redis/redis.conf on redis-02 (new)')).toBeDefined();
  });

  it('quotes the digest, short and whole', () => {
    expect(planReport(plan()).footer).toEqual([`Plan ${DIGEST.slice(0, 12)}`, 'Git 9c1f0e2d3b4a', `Digest ${DIGEST}`]);
  });
});
