import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnose/diagnose.ts';
import { judge } from '../../../src/diagnose/judge.ts';
import { entryOverview } from '../../../src/domain/health/entry-overview.ts';
import type { EntryAnswer, ProxyFacts } from '../../../src/domain/entry/facts.ts';
import type { ProxyServer } from '../../../src/domain/entry/servers.ts';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { readinessOf } from '../../../src/domain/readiness/readiness.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { desiredCluster, healthy } from '../../builders.ts';

const AT = { host: '10.0.0.120', port: 6379 };
const DESIRED = desiredCluster({ change: { entry: { addresses: [AT] } } });

function server(number: number, change: Partial<ProxyServer> = {}): ProxyServer {
  const place = { backend: 'clients', name: `node${number}`, node: `redis-0${number}` };
  return {
    ...place,
    isUp: true,
    isHeld: false,
    isBackup: number > 1,
    weight: 1,
    fullWeight: 1,
    check: 'L4OK',
    ...change,
  };
}

const DOWN = { isUp: false, isBackup: false, check: 'L7TOUT' };
const BY_ROLE = [server(1, { check: 'L7OK' }), server(2, DOWN), server(3, DOWN)];
const BY_PORT = [server(1), server(2), server(3)];

type Behind = 'redis-01' | 'redis-02' | 'stranger' | 'nobody';

function seen(proxy: ProxyFacts | null, behind: Behind = 'redis-01'): readonly NodeFacts[] {
  const nodes = healthy(DESIRED, {
    'redis-01': { redis: { runId: 'redis-01' } },
    'redis-02': { redis: { runId: 'redis-02' } },
  });
  return nodes.map((facts) => {
    const of = { at: AT, via: facts.name };
    const answer: EntryAnswer =
      behind === 'nobody'
        ? { ...of, answers: false, code: 'REDIS_UNREACHABLE', reason: 'refuses connections' }
        : { ...of, answers: true, runId: behind, role: 'master' };
    return { ...facts, entry: { answers: [answer], proxies: proxy ? [proxy] : [] } };
  });
}

const on = (servers: readonly ProxyServer[]): ProxyFacts => ({ host: 'lb-01', read: true, servers });

describe('the readiness of the entry', () => {
  it.each<[string, ProxyFacts | null, readonly string[], string]>([
    ['a check that looks at the role', on(BY_ROLE), [], 'role'],
    ['a check that looks at a port', on(BY_PORT), ['ENTRY_CHECKS_PORT'], 'port'],
    ['no check at all', on(BY_PORT.map((each) => ({ ...each, check: '' }))), ['ENTRY_CHECKS_PORT'], 'port'],
    ['a node without a server', on(BY_ROLE.slice(0, 2)), ['ENTRY_SERVER_MISSING'], 'role'],
    [
      'a socket that refuses',
      { host: 'lb-01', read: false, reason: 'Permission denied' },
      ['ENTRY_UNREADABLE'],
      'unknown',
    ],
    ['a load balancer of others', null, [], 'unknown'],
  ])('%s', (_, proxy, codes, check) => {
    expect(readinessOf(DESIRED, seen(proxy)).map(({ code }) => code)).toEqual(codes);
    expect(entryOverview(DESIRED, seen(proxy))).toEqual({
      addresses: [{ address: '10.0.0.120:6379', nodes: ['redis-01'], reachable: true }],
      check,
    });
    expect(judge(DESIRED, seen(proxy)).verdict).toBe('healthy');
  });

  it('says which servers a hand-over holds back', () => {
    const led = BY_PORT.map((each) => (each.name === 'node1' ? each : { ...each, weight: 0 }));
    expect(readinessOf(DESIRED, seen(on(led)))[0]?.message).toContain('holds redis-02 and redis-03 back by weight 0');
  });

  it.each<[Behind, string, string]>([
    ['redis-02', 'ENTRY_WRONG_NODE', 'leads to redis-02, although redis-01 is the master'],
    ['stranger', 'ENTRY_WRONG_NODE', 'leads to a Redis outside the cluster'],
    ['nobody', 'ENTRY_UNREACHABLE', 'tried from redis-01, redis-02 and redis-03, refuses connections'],
  ])('is down for clients where %s answers', (behind, code, message) => {
    const { verdict, reasons } = judge(DESIRED, seen(on(BY_ROLE), behind));
    expect({ verdict, reasons }).toMatchObject({
      verdict: 'down',
      reasons: [{ code, message: expect.stringContaining(message) }],
    });
    const observed = seen(on(BY_ROLE), behind);
    const findings = diagnose(DESIRED, observed, (goal) => makePlan(goal, DESIRED, observed));
    expect(findings.map(({ id }) => id)).toContain(code);
  });

  it('is nothing where Git names no entry', () => {
    const cluster = desiredCluster();
    expect(entryOverview(cluster, healthy(cluster))).toBeNull();
    expect(readinessOf(cluster, healthy(cluster))).toEqual([]);
  });
});
