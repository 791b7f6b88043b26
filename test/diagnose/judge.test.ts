import { describe, expect, it } from 'vitest';
import type { Code } from '../../src/domain/code.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { NodeFacts, RedisUp } from '../../src/domain/facts.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { judge } from '../../src/diagnose/judge.ts';
import {
  bareFacts,
  configurationOf,
  desiredCluster,
  desiredNode,
  healthy,
  link,
  masterFacts,
  replicaFacts,
  stoppedFacts,
  unit,
  unreachable,
  cluster,
  one,
  two,
  three,
} from '../builders.ts';

const standalone = desiredCluster({ change: { replication: false } });
const MASTER = { host: one.address, port: 6379 };

interface Case {
  seen: readonly NodeFacts[];
  verdict: Verdict;
  reasons: readonly string[];
  desired?: DesiredCluster;
}

function withThree(change: Partial<RedisUp>): readonly NodeFacts[] {
  return healthy(cluster, { 'redis-03': { redis: change } });
}

function listed(state: string, offset: number, lagSeconds: number): readonly NodeFacts[] {
  const attached = [two, three].map(({ address }) => {
    const own = address === three.address;
    return {
      address,
      port: 6379,
      state: own ? state : 'online',
      offset: own ? offset : 1000,
      lagSeconds: own ? lagSeconds : 0,
    };
  });
  return healthy(cluster, { 'redis-01': { redis: { replicas: attached } } });
}

const FAILED_SAVE = { rdbLastSaveOk: false, rdbSaveInProgress: false, aofEnabled: false, aofLastWriteOk: true };
const FAILED_APPEND = { rdbLastSaveOk: true, rdbSaveInProgress: false, aofEnabled: true, aofLastWriteOk: false };

const CASES: Readonly<Record<string, Case>> = {
  'a healthy cluster': { seen: healthy(cluster), verdict: 'healthy', reasons: [] },
  'healthy without replication': {
    desired: standalone,
    seen: [one, two, three].map((node) => masterFacts(node)),
    verdict: 'healthy',
    reasons: [],
  },
  'bare hosts': {
    seen: [one, two, three].map(bareFacts),
    verdict: 'down',
    reasons: [
      'MASTER_UNKNOWN -',
      'SERVICE_NOT_ACTIVE redis-01',
      'SERVICE_NOT_ACTIVE redis-02',
      'SERVICE_NOT_ACTIVE redis-03',
    ],
  },
  'a node that cannot be reached ranks worst': {
    seen: [...healthy(cluster).slice(0, 2), unreachable(three)],
    verdict: 'unknown',
    reasons: ['SSH_TIMEOUT redis-03'],
  },
  'nothing was looked at': {
    desired: standalone,
    seen: [],
    verdict: 'unknown',
    reasons: ['NODE_UNREACHABLE redis-01', 'NODE_UNREACHABLE redis-02', 'NODE_UNREACHABLE redis-03'],
  },
  'a Redis that cannot be read': {
    seen: [
      ...healthy(cluster).slice(0, 2),
      { ...replicaFacts(three), redis: { state: 'unreadable', code: 'REDIS_TIMEOUT', reason: 'silence' } },
    ],
    verdict: 'unknown',
    reasons: ['REDIS_TIMEOUT redis-03'],
  },
  'no master': {
    seen: [stoppedFacts(one, null), replicaFacts(two, { redis: { master: link({ up: false }) } }), replicaFacts(three)],
    verdict: 'down',
    reasons: ['MASTER_DOWN redis-01', 'SERVICE_NOT_ACTIVE redis-01'],
  },
  'two masters': {
    seen: [masterFacts(one), replicaFacts(two), masterFacts(three)],
    verdict: 'degraded',
    reasons: ['MASTER_AMBIGUOUS -'],
  },
  'a stopped replica': {
    seen: [...healthy(cluster).slice(0, 2), stoppedFacts(three, MASTER)],
    verdict: 'degraded',
    reasons: ['SERVICE_NOT_ACTIVE redis-03'],
  },
  'a stopped node without replication': {
    desired: standalone,
    seen: [masterFacts(one), masterFacts(two), stoppedFacts(three, null)],
    verdict: 'down',
    reasons: ['SERVICE_NOT_ACTIVE redis-03'],
  },
  'a unit that is active, and nothing listens': {
    seen: [...healthy(cluster).slice(0, 2), { ...replicaFacts(three), redis: { state: 'down', reason: 'refused' } }],
    verdict: 'degraded',
    reasons: ['REDIS_UNREACHABLE redis-03'],
  },
  'a Redis that is not the unit’s': {
    seen: healthy(cluster, {
      'redis-03': { host: { unit: unit({ activeState: 'failed', result: 'exit-code', mainPid: 0 }) } },
    }),
    verdict: 'degraded',
    reasons: ['SERVICE_NOT_ACTIVE redis-03'],
  },
  'a replica of another node': {
    seen: withThree({ master: link({ host: two.address }) }),
    verdict: 'degraded',
    reasons: ['REPLICA_LINK_DOWN redis-03'],
  },
  'a replica of another port': {
    seen: withThree({ master: link({ port: 6380 }) }),
    verdict: 'degraded',
    reasons: ['REPLICA_LINK_DOWN redis-03'],
  },
  'a link that is down': {
    seen: withThree({ master: link({ up: false, state: 'connect' }) }),
    verdict: 'degraded',
    reasons: ['REPLICA_LINK_DOWN redis-03'],
  },
  'a synchronization under way': {
    seen: withThree({ loading: true, master: link({ up: false, syncInProgress: true }) }),
    verdict: 'degraded',
    reasons: ['REPLICA_LINK_DOWN redis-03'],
  },
  'a silent link': {
    seen: withThree({ master: link({ lastIoSeconds: 16 }) }),
    verdict: 'degraded',
    reasons: ['REPLICA_LAGS redis-03'],
  },
  'a link that was heard of 15 s ago': {
    seen: withThree({ master: link({ lastIoSeconds: 15 }) }),
    verdict: 'healthy',
    reasons: [],
  },
  'a replica that the master does not list': {
    seen: healthy(cluster, {
      'redis-01': {
        redis: { replicas: [{ address: two.address, port: 6379, state: 'online', offset: 1000, lagSeconds: 0 }] },
      },
    }),
    verdict: 'degraded',
    reasons: ['REPLICA_NOT_SEEN redis-03'],
  },
  'a replica that the master is still sending to': {
    seen: listed('send_bulk', 0, 0),
    verdict: 'degraded',
    reasons: ['REPLICA_NOT_SEEN redis-03'],
  },
  'online, but its offset stands at 0 (the field report)': {
    seen: listed('online', 0, 5),
    verdict: 'degraded',
    reasons: ['OFFSET_STANDS_STILL redis-03'],
  },
  'online with offset 0 for a moment after a diskless synchronization': {
    seen: listed('online', 0, 1),
    verdict: 'healthy',
    reasons: [],
  },
  'another history': {
    seen: withThree({ replicationId: 'f'.repeat(40) }),
    verdict: 'degraded',
    reasons: ['REPLICATION_ID_DIFFERS redis-03'],
  },
  'a replica that cannot write its folder': {
    seen: healthy(cluster, { 'redis-03': { host: { dataDirectoryWritable: false } } }),
    verdict: 'degraded',
    reasons: ['DATA_DIRECTORY_READ_ONLY redis-03'],
  },
  'a master that cannot write its folder needs not': {
    seen: healthy(cluster, { 'redis-01': { host: { dataDirectoryWritable: false } } }),
    verdict: 'healthy',
    reasons: [],
  },
  'a master that loads': {
    seen: healthy(cluster, { 'redis-01': { redis: { loading: true } } }),
    verdict: 'degraded',
    reasons: ['REDIS_UNREADABLE redis-01'],
  },
  'a master that refuses writes: save': {
    seen: healthy(cluster, {
      'redis-01': { redis: { persistence: FAILED_SAVE, configuration: configuration({ save: '900 1' }) } },
    }),
    verdict: 'degraded',
    reasons: ['WRITES_REFUSED redis-01'],
  },
  'a master that refuses writes: append-only file': {
    seen: healthy(cluster, { 'redis-01': { redis: { persistence: FAILED_APPEND } } }),
    verdict: 'degraded',
    reasons: ['WRITES_REFUSED redis-01'],
  },
};

function configuration(change: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map([...configurationOf(one.redisConf.content), ...Object.entries(change)]);
}

describe('judge', () => {
  it.each(Object.entries(CASES))('%s', (_name, { seen, verdict, reasons, desired = cluster }) => {
    const judgement = judge(desired, seen);
    expect(judgement.verdict).toBe(verdict);
    expect(judgement.reasons.map(({ code, node }) => `${code} ${node ?? '-'}`)).toEqual(reasons);
    expect(judgement.reasons.every(({ message }) => message !== '')).toBe(true);
  });

  it('knows IPv6 in any spelling', () => {
    const nodes = [1, 2].map((index) => desiredNode(`redis-0${index}`, { address: `fd00:0:0:0:0:0:0:${index}` }));
    const seen = healthy(desiredCluster({ nodes }), { 'redis-02': { redis: { master: link({ host: 'fd00::1' }) } } });
    expect(judge(desiredCluster({ nodes }), seen)).toEqual({ verdict: 'healthy', reasons: [] });
  });

  it('does not count a foreign node as one of the master’s replicas', () => {
    const stranger = masterFacts(desiredNode('redis-09'));
    const codes: Code[] = judge(desiredCluster({ nodes: [two] }), [stranger, replicaFacts(two)]).reasons.map(
      ({ code }) => code,
    );
    expect(codes).toEqual([]);
  });
});
