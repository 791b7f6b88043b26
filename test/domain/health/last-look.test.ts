import { describe, expect, it } from 'vitest';
import type { RedisUp } from '../../../src/domain/facts.ts';
import { incidentFaults, lookAfterRun, nextLook, stillDrained } from '../../../src/domain/health/last-look.ts';
import { desiredCluster, desiredNode, link, masterFacts, replicaFacts, unreachable } from '../../builders.ts';

const ONE = desiredNode('redis-01');
const TWO = desiredNode('redis-02');
const BEFORE = '2026-11-30T13:00:00.000Z';
const AT = '2026-11-30T13:05:00.000Z';
const WAS: Partial<RedisUp> = { keys: 500, offset: 5000 };
const NEW = 'f'.repeat(40);

const before = nextLook(null, [masterFacts(ONE, { redis: WAS }), replicaFacts(TWO, { redis: WAS })], BEFORE);

function codes(redis: Partial<RedisUp>, isMaster = true): readonly string[] {
  const facts = isMaster
    ? masterFacts(ONE, { redis: { ...WAS, ...redis } })
    : replicaFacts(TWO, { redis: { ...WAS, ...redis } });
  return nextLook(before, [facts], AT).incidents.map(({ code }) => code);
}

describe('what happened since the last look', () => {
  it.each<readonly [string, Partial<RedisUp>, readonly string[]]>([
    ['nothing', { offset: 6000 }, []],
    ['clients deleted keys', { offset: 6000, keys: 0 }, []],
    ['a restart that lost nothing', { runId: 'other', offset: 6000 }, ['REDIS_RESTARTED']],
    ['a crash that emptied it', { runId: 'other', replicationId: NEW, offset: 14, keys: 0 }, ['DATA_LOST']],
    [
      'the same, while clients wrote a lot since',
      { runId: 'other', replicationId: NEW, offset: 9000, keys: 20 },
      ['DATA_LOST'],
    ],
    ['an old snapshot was loaded', { runId: 'other', offset: 3000, keys: 400 }, ['DATA_LOST']],
    ['a promotion', { replicationId: NEW, replicationId2: before.nodes['redis-01']?.replicationId ?? '' }, []],
    ['it loads', { runId: 'other', loading: true, keys: 0 }, []],
  ])('%s', (_, redis, expected) => {
    expect(codes(redis)).toEqual(expected);
  });

  it('is that a replica copied an emptied master', () => {
    expect(codes({ replicationId: NEW, offset: 14, keys: 0 }, false)).toEqual(['DATA_LOST']);
  });

  it('is not known of a replica that is synchronizing', () => {
    const syncing = { replicationId: NEW, offset: 1, keys: 0, master: link({ up: false, syncInProgress: true }) };
    expect(codes(syncing, false)).toEqual([]);
  });

  it('is reported with figures, again and again, and makes the cluster degraded', () => {
    const emptied = masterFacts(ONE, { redis: { ...WAS, runId: 'other', replicationId: NEW, offset: 14, keys: 0 } });
    const first = nextLook(before, [emptied], AT);
    const second = nextLook(first, [emptied], AT);
    expect(second.incidents).toEqual([
      {
        code: 'DATA_LOST',
        node: 'redis-01',
        message:
          'Since 2026-11-30 13:00 UTC, outside any run: it restarted, its replication ID is new, its offset fell from 5000 to 14, its keys went from 500 to 0.',
        at: AT,
      },
    ]);
    expect(incidentFaults(second.incidents)).toMatchObject([{ verdict: 'degraded', code: 'DATA_LOST' }]);
  });

  it('is no incident where a run did it', () => {
    const restarted = masterFacts(ONE, { redis: { ...WAS, runId: 'other' } });
    expect(nextLook(lookAfterRun(before, [restarted], AT), [restarted], AT).incidents).toEqual([]);
  });

  it('is kept over looks that do not reach the node', () => {
    const away = nextLook(before, [unreachable(ONE)], AT);
    expect(away.nodes['redis-01']).toEqual(before.nodes['redis-01']);
  });
});

describe('a drained host', () => {
  const NOTE = { at: BEFORE, by: 'anna', line: null, running: '100' };
  const cluster = desiredCluster({ nodes: [ONE, TWO] });
  const drained = lookAfterRun(before, [masterFacts(ONE), replicaFacts(TWO, { host: { drained: NOTE } })], AT);
  const rebooting = [masterFacts(ONE), unreachable(TWO)];

  it('stays drained while it cannot be read, look after look', () => {
    const twice = nextLook(nextLook(drained, rebooting, AT), rebooting, AT);
    const { nodes } = stillDrained(cluster, rebooting, twice);
    expect(nodes.map((node) => node.drained ?? null)).toEqual([null, NOTE]);
  });

  it.each([
    ['never drained', before],
    ['undrained', nextLook(drained, [replicaFacts(TWO)], AT)],
    ['looked at by an earlier version', { nodes: before.nodes, incidents: [] }],
  ])('is not one that was %s', (_, last) => {
    expect(stillDrained(cluster, rebooting, last)).toEqual(cluster);
  });

  it('is what its note says where it can be read', () => {
    expect(stillDrained(cluster, [masterFacts(ONE), replicaFacts(TWO)], drained)).toEqual(cluster);
  });
});
