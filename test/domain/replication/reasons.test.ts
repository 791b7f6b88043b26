import { describe, expect, it } from 'vitest';
import { identitiesOf } from '../../../src/domain/known-nodes.ts';
import { loadingFaults, masterFaults, replicaFaults } from '../../../src/domain/replication/reasons.ts';
import type { AttachedReplica, MasterLink, ReplicationView } from '../../../src/domain/replication/view.ts';
import type { DesiredNode } from '../../../src/domain/desired.ts';
import { desiredNode, link, masterFacts, redis } from '../../builders.ts';

const [one, two] = [desiredNode('redis-01'), desiredNode('redis-02')];
const LISTED: AttachedReplica = { address: two.address, port: 6379, state: 'online', offset: 990, lagSeconds: 0 };

interface Case {
  replica?: Partial<ReplicationView>;
  its?: Partial<MasterLink>;
  listed?: Partial<AttachedReplica> | null;
  nodes?: readonly DesiredNode[];
}

function faultsOf({ replica = {}, its = {}, listed = {}, nodes = [one, two] }: Case) {
  const replicas = listed === null ? [] : [{ ...LISTED, ...listed }];
  return replicaFaults(
    { name: 'redis-02', view: redis(two, { role: 'replica', master: link(its), ...replica }) },
    { name: 'redis-01', view: redis(one, { replicas }) },
    identitiesOf(nodes.map((node) => masterFacts(node))),
    15,
  );
}

describe('a replica and its master', () => {
  it.each<[string, Case, readonly string[]]>([
    ['in order', {}, []],
    ['no link at all', { replica: { master: null } }, ['REPLICA_LINK_DOWN: redis-02 has no master.']],
    [
      'another master',
      { its: { host: '10.9.9.9' } },
      ['REPLICA_LINK_DOWN: redis-02 follows 10.9.9.9:6379, not redis-01.'],
    ],
    ['another port', { its: { port: 6380 } }, ['REPLICA_LINK_DOWN: redis-02 follows 10.0.0.123:6380, not redis-01.']],
    ['itself', { its: { host: two.address } }, ['REPLICA_LINK_DOWN: redis-02 follows redis-02, not redis-01.']],
    [
      'a master that could be two nodes',
      {
        its: { host: '10.0.0.125' },
        nodes: [one, two, desiredNode('redis-03'), { ...desiredNode('redis-04'), address: '10.0.0.125' }],
      },
      ['REPLICA_LINK_DOWN: redis-02 follows 10.0.0.125:6379, which could be redis-03 or redis-04, not redis-01.'],
    ],
    [
      'a full synchronization',
      { its: { up: false, syncInProgress: true } },
      ['REPLICA_LINK_DOWN: redis-02 is still receiving a full synchronization from redis-01.'],
    ],
    [
      'no link',
      { its: { up: false, state: 'connect' } },
      ['REPLICA_LINK_DOWN: redis-02 has no link to redis-01 (connect).'],
    ],
    [
      'up, and ROLE says otherwise',
      { its: { state: 'handshake' } },
      ['REPLICA_LINK_DOWN: redis-02 has no link to redis-01 (handshake).'],
    ],
    ['silence', { its: { lastIoSeconds: 16 } }, ['REPLICA_LAGS: redis-02 has heard nothing from redis-01 for 16 s.']],
    [
      'silence from the beginning',
      { its: { lastIoSeconds: -1 } },
      ['REPLICA_LAGS: redis-02 has heard nothing from redis-01 yet.'],
    ],
    ['not listed', { listed: null }, ['REPLICA_NOT_SEEN: redis-01 does not list redis-02 as its replica.']],
    [
      'listed otherwise',
      { listed: { state: 'send_bulk' } },
      ['REPLICA_NOT_SEEN: redis-01 lists redis-02 as send_bulk, not as online.'],
    ],
    ['late', { listed: { lagSeconds: 6 } }, ['REPLICA_LAGS: redis-02 has acknowledged nothing for 6 s.']],
    ['as late as it may be', { listed: { lagSeconds: 5 } }, []],
    [
      'an offset of 0',
      { listed: { offset: 0, lagSeconds: 2 } },
      ['OFFSET_STANDS_STILL: redis-01 lists redis-02 as online, but its offset is 0.'],
    ],
    ['an offset of 0 for a moment', { listed: { offset: 0, lagSeconds: 1 } }, []],
    ['an offset that is not said', { listed: { offset: null, lagSeconds: null } }, []],
    [
      'another history',
      { replica: { replicationId: 'f' } },
      ['REPLICATION_ID_DIFFERS: redis-02 has a different replication ID than redis-01.'],
    ],
    [
      'all at once',
      { its: { lastIoSeconds: 99 }, listed: null, replica: { replicationId: 'f' } },
      [
        'REPLICA_LAGS: redis-02 has heard nothing from redis-01 for 99 s.',
        'REPLICA_NOT_SEEN: redis-01 does not list redis-02 as its replica.',
        'REPLICATION_ID_DIFFERS: redis-02 has a different replication ID than redis-01.',
      ],
    ],
  ])('%s', (_, given, expected) => {
    const faults = faultsOf(given);
    expect(faults.map(({ code, message }) => `${code}: ${message}`)).toEqual(expected);
    expect(faults.every(({ verdict, node }) => verdict === 'degraded' && node === 'redis-02')).toBe(true);
  });
});

describe('masters', () => {
  it.each<[readonly string[], boolean, readonly string[]]>([
    [['redis-01'], true, []],
    [[], true, ['down MASTER_UNKNOWN: No node is a master.']],
    [[], false, ['down MASTER_UNKNOWN: No node that can be read is a master.']],
    [
      ['redis-01', 'redis-03'],
      true,
      ['degraded MASTER_AMBIGUOUS: 2 nodes say that they are the master: redis-01, redis-03.'],
    ],
  ])('%j, all read: %s', (masters, isAllRead, expected) => {
    expect(
      masterFaults(masters, isAllRead).map(({ verdict, code, message }) => `${verdict} ${code}: ${message}`),
    ).toEqual(expected);
  });
});

it.each<[string, Partial<ReplicationView>, number]>([
  ['a master that loads', { loading: true }, 1],
  ['a master that does not', {}, 0],
  ['a replica that loads from disk', { loading: true, role: 'replica', master: link({ up: false }) }, 1],
  [
    'a replica that loads what its master sends',
    { loading: true, role: 'replica', master: link({ syncInProgress: true }) },
    0,
  ],
])('loading: %s', (_, change, count) => {
  expect(loadingFaults({ name: 'redis-01', view: redis(one, change) })).toHaveLength(count);
});
