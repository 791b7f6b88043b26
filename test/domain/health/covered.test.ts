import { expect, it } from 'vitest';
import type { Code } from '../../../src/domain/code.ts';
import { rebooting, withoutReboots } from '../../../src/domain/health/covered.ts';
import type { HealthLook } from '../../../src/domain/health/health-record.ts';
import { lookAfterRun } from '../../../src/domain/health/last-look.ts';
import { desiredCluster, healthy } from '../../builders.ts';

const WELL: HealthLook = { cluster: 'redis', revision: 'c'.repeat(40), verdict: 'healthy', reasons: [], readiness: [] };

function ill(code: Code, node: string | null): HealthLook {
  return { ...WELL, verdict: 'degraded', reasons: [{ code, node, message: `${code} on ${node}` }] };
}

function unready(code: Code, nodes: readonly string[]): HealthLook {
  return { ...WELL, readiness: [{ code, nodes, message: code, cure: '' }] };
}

it.each([
  ['a host that is down', ill('NODE_UNREACHABLE', 'redis-02')],
  ['a Redis that has not started yet', ill('SERVICE_NOT_ACTIVE', 'redis-02')],
  ['a replica that catches up', ill('REPLICA_LINK_DOWN', 'redis-02')],
  ['a Sentinel that is down', unready('SENTINEL_NOT_RUNNING', ['redis-02'])],
])('says nothing of %s, if it is drained', (_, look) => {
  expect(withoutReboots(look, ['redis-02'])).toEqual(WELL);
  expect(withoutReboots(look, ['redis-03'])).toEqual(look);
  expect(withoutReboots(look, [])).toEqual(look);
});

it.each([
  ['an intrusion', ill('INTRUSION_SUSPECTED', 'redis-02')],
  ['lost data', ill('DATA_LOST', 'redis-02')],
  ['a master that is down', ill('MASTER_DOWN', 'redis-02')],
  ['a cluster without a master', ill('MASTER_UNKNOWN', null)],
  ['a missing quorum', unready('SENTINEL_NO_QUORUM', ['redis-02'])],
  ['Sentinels that do not see each other', unready('SENTINEL_NOT_SEEN', ['redis-02', 'redis-03'])],
  ['a failover that would fail', unready('SENTINEL_NO_CANDIDATE', [])],
])('reports %s also on a drained host', (_, look) => {
  expect(withoutReboots(look, ['redis-02'])).toEqual(look);
});

it('keeps the verdict while something else is wrong', () => {
  const other = { code: 'WRITES_REFUSED' as const, node: 'redis-01', message: 'redis-01 refuses writes.' };
  const look = ill('NODE_UNREACHABLE', 'redis-02');
  const both = { ...look, reasons: [...look.reasons, other] };
  expect(withoutReboots(both, ['redis-02'])).toEqual({ ...look, reasons: [other] });
});

it.each([
  ['a moment ago', '2026-11-30T12:59:00.000Z', ['redis-02']],
  ['just within the hour', '2026-11-30T12:00:01.000Z', ['redis-02']],
  ['an hour ago', '2026-11-30T12:00:00.000Z', []],
])('takes a drained host for one that reboots, if it was in order %s', (_, at, expected) => {
  const cluster = desiredCluster();
  const drained = { at: '2026-11-30T09:00:00.000Z', by: 'anna', line: null, running: '100' };
  const nodes = cluster.nodes.map((node) => (node.name === 'redis-02' ? { ...node, drained } : node));
  const { nodes: seen } = lookAfterRun(null, healthy(cluster), at);
  const now = new Date('2026-11-30T13:00:00.000Z');
  expect(rebooting({ ...cluster, nodes }, seen, now)).toEqual(expected);
  expect(rebooting(cluster, seen, now)).toEqual([]);
  expect(rebooting({ ...cluster, nodes }, {}, now)).toEqual([]);
});
