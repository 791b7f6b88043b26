import { describe, expect, it } from 'vitest';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import type { Judgement } from '../../../src/domain/verdict.ts';
import { statusReport } from '../../../src/report/cluster/status-report.ts';
import { link } from '../../builders.ts';
import { HEALTHY, desired, host, master, node, redis, replica, unreachable } from '../fixtures.ts';
import { rowsOf, sectionOf } from '../look.ts';

const HEALTHY_VERDICT: Judgement = { verdict: 'healthy', reasons: [] };
const LINK = link();
const UNIT = host().unit;

function rowOf(facts: NodeFacts, others: readonly NodeFacts[] = [master()]): readonly string[] {
  const report = statusReport(desired(), [...others, facts], HEALTHY_VERDICT);
  return rowsOf(report, 'Nodes').at(-1) ?? [];
}

describe('statusReport', () => {
  it('says that a cluster is healthy', () => {
    const report = statusReport(desired(), HEALTHY, HEALTHY_VERDICT);
    expect(report).toMatchObject({
      title: 'redis: healthy',
      tone: 'good',
      summary: '3 nodes: master redis-01, 2 replicas.',
    });
    expect(report.next).toBeUndefined();
    expect(rowsOf(report, 'Nodes')).toEqual([
      ['redis-01', 'master', '2 of 2 online', '1,048,812', '–', '12,040', 'active'],
      ['redis-02', 'replica', 'up, redis-01', '1,048,700', '112 B', '12,040', 'active'],
      ['redis-03', 'replica', 'up, redis-01', '1,048,700', '112 B', '12,040', 'active'],
    ]);
  });

  it.each([
    ['degraded', 'warning'],
    ['down', 'bad'],
    ['unknown', 'bad'],
  ] as const)('is never green when %s, and says why', (verdict, tone) => {
    const reasons = [{ code: 'REPLICA_LINK_DOWN', node: 'redis-02', message: 'no link' }] as const;
    const report = statusReport(desired(), HEALTHY, { verdict, reasons });
    expect(report).toMatchObject({ title: `redis: ${verdict}`, tone, next: expect.stringContaining('doctor') });
    expect(sectionOf(report, 'Reasons')).toMatchObject({
      items: [{ tone, text: 'redis-02: no link (REPLICA_LINK_DOWN)' }],
    });
  });

  it('says once what helps where no node can be read for the same reason', () => {
    const refused = (name: string, code: 'SSH_AUTH' | 'SSH_TIMEOUT') =>
      ({ ...unreachable(name, '10.0.0.1'), code, hint: `Add the key to ${name}.` }) as const;
    const unknown: Judgement = { verdict: 'unknown', reasons: [] };
    const nextOf = (observed: readonly NodeFacts[]) => statusReport(desired(), observed, unknown).next;
    expect(nextOf([refused('redis-01', 'SSH_AUTH'), refused('redis-02', 'SSH_AUTH')])).toBe('Add the key to redis-01.');
    expect(nextOf([refused('redis-01', 'SSH_AUTH'), refused('redis-02', 'SSH_TIMEOUT')])).toContain('doctor');
    expect(nextOf([master(), refused('redis-02', 'SSH_AUTH')])).toContain('doctor');
  });

  it.each<[string, NodeFacts, readonly string[]]>([
    ['not read', unreachable('redis-02', '10.0.0.124'), ['unreachable', '–', '–', '–', '–', '–']],
    [
      'stopped',
      {
        ...replica('redis-02', '10.0.0.124'),
        redis: { state: 'down', reason: 'refused' },
        host: host({ unit: { ...UNIT, activeState: 'failed', subState: 'failed' } }),
      },
      ['not running', '–', '–', '–', '–', 'failed'],
    ],
    [
      'bare',
      {
        ...replica('redis-02', '10.0.0.124'),
        redis: { state: 'down', reason: 'refused' },
        host: host({ package: { installed: false } }),
      },
      ['not running', '–', '–', '–', '–', 'not installed'],
    ],
    [
      'running from a package that apt did not finish',
      { ...replica('redis-02', '10.0.0.124'), host: host({ package: { installed: false } }) },
      ['replica', 'up, redis-01', '1,048,700', '112 B', '12,040', 'active, package not fully installed'],
    ],
    [
      'unreadable',
      {
        ...replica('redis-02', '10.0.0.124'),
        redis: { state: 'unreadable', code: 'REDIS_AUTH_FAILED', reason: 'wrong password' },
      },
      ['unreadable', '–', '–', '–', '–', 'active'],
    ],
    [
      'syncing',
      replica('redis-02', '10.0.0.124', {
        master: { ...LINK, state: 'sync', up: false, syncInProgress: true, syncReadBytes: 48, syncTotalBytes: 100 },
      }),
      ['replica', 'syncing 48 %, redis-01', '1,048,700', '112 B', '12,040', 'active'],
    ],
    [
      'without a link to a known master',
      replica('redis-02', '10.0.0.124', { master: { ...LINK, host: '10.9.9.9', state: 'connecting', up: false } }),
      ['replica', 'down (connecting), 10.9.9.9:6379', '1,048,700', '–', '12,040', 'active'],
    ],
    [
      'read a moment after its master',
      replica('redis-02', '10.0.0.124', { offset: 1_048_900 }),
      ['replica', 'up, redis-01', '1,048,900', '0 B', '12,040', 'active'],
    ],
    [
      'a master without replicas',
      node('redis-02', '10.0.0.124', redis({ keys: 0, offset: 0 })),
      ['master', '–', '0', '–', '0', 'active'],
    ],
    [
      'waiting for a reload and a restart',
      node(
        'redis-02',
        '10.0.0.124',
        redis(),
        host({ unit: { ...UNIT, activeState: 'activating', subState: 'auto-restart', needDaemonReload: true } }),
      ),
      ['master', '–', '1,048,812', '–', '12,040', 'activating (auto-restart), not reloaded'],
    ],
  ])('shows a node that is %s', (_, facts, cells) => {
    expect(rowOf(facts)).toEqual(['redis-02', ...cells]);
  });

  it.each<[readonly NodeFacts[], string]>([
    [[unreachable('redis-01', '10.0.0.123')], '0 of 1 node read: no master, 0 replicas.'],
    [[master(), node('redis-02', '10.0.0.124', redis())], '2 nodes: 2 masters (redis-01 and redis-02), 0 replicas.'],
    [
      [master(), replica('redis-02', '10.0.0.124', { master: { ...LINK, up: false } })],
      '2 nodes: master redis-01, 1 replica, 0 of them with the link up.',
    ],
  ])('sums up %#', (observed, summary) => {
    expect(statusReport(desired(), observed, HEALTHY_VERDICT).summary).toBe(summary);
  });
});
