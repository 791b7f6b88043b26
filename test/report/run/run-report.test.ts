import { describe, expect, it } from 'vitest';
import { runReport } from '../../../src/report/run/run-report.ts';
import { HEALTHY, maxmemoryPlan, plan, result, master, replica, unreachable, verification } from '../fixtures.ts';
import { headingsOf, itemsOf, rowsOf, sectionOf } from '../look.ts';

const FAILED = result({
  outcome: 'failed',
  code: 'STEP_FAILED',
  message: 'redis-03: CONFIG SET maxmemory was refused',
  hint: 'Mend the value.',
  verification: null,
  nodes: [
    { name: 'redis-01', ok: 0, changed: 0, failed: 0, skipped: 2 },
    { name: 'redis-02', ok: 2, changed: 2, failed: 0, skipped: 0 },
    { name: 'redis-03', ok: 1, changed: 1, failed: 1, skipped: 0 },
  ],
});

describe('runReport', () => {
  it('says that a run was stopped, and not that something failed', () => {
    const report = runReport({ ...FAILED, code: 'STOPPED', message: 'Stopped by anna (U0ANNA).' }, HEALTHY);
    expect(report).toMatchObject({ title: 'redis: converge to Git – stopped', tone: 'warning' });
    expect(report.summary).toContain('Stopped by anna (U0ANNA).');
    expect(itemsOf(report, 'State of each node')).toHaveLength(3);
  });

  it('says that a freeze was broken, by whom and why', () => {
    const report = runReport(result({ breakGlass: { reason: 'the shop is down', by: 'U0ANNA' } }), HEALTHY);
    expect(itemsOf(report, 'Freeze overridden')[0]?.text).toBe('the shop is down\nAsked for by U0ANNA.');
  });

  it('names the backups: path, size and digest', () => {
    const written = { runId: 'a', changes: 0, lastSave: 0 };
    const backup = {
      path: '/b/redis-02.rdb',
      cluster: 'redis',
      node: 'redis-02',
      run: 'r',
      at: 't',
      keys: 12,
      bytes: 2048,
      sha256: 'f'.repeat(64),
      written,
    };
    const [item] = itemsOf(runReport(result({ backups: [backup] }), HEALTHY), 'Backups on the redisops host');
    expect(item?.text).toBe(`redis-02: /b/redis-02.rdb\n12 keys, 2 KiB, SHA-256 ${'f'.repeat(64)}`);
  });

  it('is the deployment report, in its order', () => {
    const report = runReport(result(), HEALTHY);
    expect(report).toMatchObject({
      title: 'redis: converge to Git – done',
      tone: 'good',
      summary: 'Done and verified with a write.\nTook 412 ms.',
    });
    expect(headingsOf(report)).toEqual([
      'Recap',
      'Steps',
      'Configuration as it now is',
      'Replication',
      'SET/GET redisops:probe:8c1f0a7d2b',
      undefined,
      'Log of redis-02',
      'Log of redis-03',
      'Next',
    ]);
    expect(rowsOf(report, 'Recap')[0]).toEqual(['redis-01', '2', '2', '0', '0']);
    expect(rowsOf(report, 'SET/GET redisops:probe:8c1f0a7d2b')[0]).toEqual([
      'redis-02',
      'OK',
      '0.42 ms',
      '0 B',
      'refused',
    ]);
    expect(report.footer).toEqual([
      'Run merge-redis-9c1f0e2d3b4a',
      'Git 9c1f0e2d3b4a',
      'Code DONE',
      'Plan 3f9a1c2b4d5e',
    ]);
  });

  it('has one row for each value of a directive', () => {
    const other = replica('redis-03', '10.0.0.125', { configuration: new Map([['save', '3600 1']]) });
    const rows = rowsOf(
      runReport(result(), [master(), replica('redis-02', '10.0.0.124'), other]),
      'Configuration as it now is',
    );
    expect(rows.filter(([directive]) => directive === 'save')).toEqual([
      ['save', '""', 'redis-01 and redis-02'],
      ['save', '3600 1', 'redis-03'],
    ]);
    expect(rows).toContainEqual(['maxmemory', '256 MiB (268435456)', 'redis-01 and redis-02']);
  });

  it('never shows a directive that is not on its list', () => {
    const leaky = master({
      configuration: new Map([
        ['requirepass', 'canary'],
        ['save', ''],
      ]),
    });
    expect(JSON.stringify(runReport(result(), [leaky]))).not.toContain('canary');
  });

  it('says how each node was left after a failure', () => {
    const report = runReport(FAILED, [
      master(),
      replica('redis-02', '10.0.0.124'),
      unreachable('redis-03', '10.0.0.125'),
    ]);
    expect(report).toMatchObject({ title: 'redis: converge to Git – failed', tone: 'bad', next: 'Mend the value.' });
    expect(itemsOf(report, 'Steps').map(({ tone, text }) => `${tone}: ${text}`)).toEqual([
      'good: redis-02: write /etc/redis/redis.conf',
      'good: redis-02: CONFIG SET maxmemory',
      'good: redis-03: write /etc/redis/redis.conf',
      'bad: redis-03: CONFIG SET maxmemory',
      'neutral: redis-01: write /etc/redis/redis.conf (not begun)',
      'neutral: redis-01: CONFIG SET maxmemory (not begun)',
    ]);
    expect(itemsOf(report, 'State of each node')).toEqual([
      {
        tone: 'neutral',
        text: 'redis-01: untouched; service active; master, replicas 2 of 2 online; 12,040 keys, offset 1,048,812',
      },
      {
        tone: 'good',
        text: 'redis-02: all steps done; service active; replica of redis-01, link up; 12,040 keys, offset 1,048,700',
      },
      {
        tone: 'bad',
        text: 'redis-03: failed at step 2 of 2; could not be read: no answer over SSH within 5 s (SSH_TIMEOUT)',
      },
    ]);
    expect(headingsOf(report)).not.toContain('Next');
  });

  it('lists the reasons if the nodes are not healthy afterwards', () => {
    const reasons = [{ code: 'REPLICA_LAGS', node: 'redis-02', message: '4 MiB behind' }] as const;
    const report = runReport(
      result({
        outcome: 'failed',
        code: 'VERIFY_FAILED',
        verification: verification({ verdict: 'degraded', reasons }),
      }),
      HEALTHY,
    );
    expect(itemsOf(report, 'Reasons')).toEqual([{ tone: 'warning', text: 'redis-02: 4 MiB behind (REPLICA_LAGS)' }]);
  });

  it('reads kindly when it was refused, and names every other blocker', () => {
    const blocker = (node: string, message: string) =>
      ({ code: 'NODE_UNREACHABLE', node, message, hint: 'Look at it.' }) as const;
    const blockers = [blocker('redis-02', 'cannot be read'), blocker('redis-03', 'cannot be read either')];
    const report = runReport(
      result({
        outcome: 'refused',
        code: 'NODE_UNREACHABLE',
        message: 'cannot be read',
        hint: 'Look at it.',
        plan: plan({ blockers, waves: maxmemoryPlan().waves }),
        nodes: [],
        verification: null,
        durationMs: 0,
      }),
      HEALTHY,
    );
    expect(report).toMatchObject({
      title: 'redis: converge to Git – refused',
      tone: 'warning',
      summary: 'cannot be read',
      next: 'Look at it.',
    });
    expect(headingsOf(report)).toEqual(['Further blockers', 'Replication']);
    expect(itemsOf(report, 'Further blockers')[0]?.text).toBe(
      'redis-03: cannot be read either (NODE_UNREACHABLE)\nLook at it.',
    );
  });

  it('ends early without plan and nodes', () => {
    const early = result({
      outcome: 'failed',
      code: 'CONFIG_MISSING',
      message: 'No inventory.',
      plan: null,
      nodes: [],
      verification: null,
      durationMs: 0,
    });
    expect(runReport(early, [])).toMatchObject({ summary: 'No inventory.', sections: [] });
  });

  it('shows a recap only if something was planned', () => {
    const nodes = [{ name: 'redis-01', ok: 0, changed: 0, failed: 0, skipped: 0 }];
    const idle = runReport(result({ outcome: 'nothing-to-do', code: 'NOTHING_TO_DO', nodes, plan: plan() }), HEALTHY);
    expect(idle.title).toBe('redis: converge to Git – nothing to do');
    expect(headingsOf(idle)).not.toContain('Recap');
    expect(headingsOf(idle)).not.toContain('Log of redis-02');
  });

  it.each([
    [
      'AOF is on',
      master({
        persistence: {
          ...master().redis,
          rdbLastSaveOk: true,
          rdbSaveInProgress: false,
          aofEnabled: true,
          aofLastWriteOk: true,
        },
      }),
    ],
    ['save points are set', master({ configuration: new Map([['save', '3600 1']]) })],
  ])('does not warn of an empty disk when %s', (_, first) => {
    const next = sectionOf(runReport(result(), [first, replica('redis-02', '10.0.0.124')]), 'Next');
    expect(JSON.stringify(next)).not.toContain('keeps nothing on disk');
  });

  it('does not suggest Sentinel if one is watching', () => {
    const report = runReport(result(), [master({ watchedBySentinel: true }), replica('redis-02', '10.0.0.124')]);
    expect(JSON.stringify(report)).not.toContain('No Sentinel');
  });
});
