import { describe, expect, it } from 'vitest';
import type { Code } from '../../../src/domain/code.ts';
import type { DesiredCluster } from '../../../src/domain/desired.ts';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { rolesOf } from '../../../src/plan/roles/topology.ts';
import {
  bareFacts,
  desiredCluster,
  desiredNode,
  healthy,
  link,
  masterFacts,
  replicaFacts,
  stoppedFacts,
  unreachable,
  cluster,
  one,
  two,
  three,
} from '../../builders.ts';

const MASTER = { host: one.address, port: 6379 };

interface Case {
  seen: readonly NodeFacts[];
  master: string | null;
  /** Whether it was found to be it. */
  observed: boolean;
  blockers: readonly Code[];
  desired?: DesiredCluster;
}

const onIPv6 = ['redis-01', 'redis-02'].map((name, index) => {
  return desiredNode(name, { address: `fd00:0:0:0:0:0:0:${index + 1}` });
});

const CASES: Readonly<Record<string, Case>> = {
  'bare hosts: the nominated one': {
    seen: [one, two, three].map(bareFacts),
    master: 'redis-01',
    observed: false,
    blockers: [],
  },
  'a healthy cluster': { seen: healthy(cluster), master: 'redis-01', observed: true, blockers: [] },
  'another master than the nominated one': {
    seen: [
      replicaFacts(one, { redis: { master: link({ host: two.address }) } }),
      masterFacts(two),
      replicaFacts(three, { redis: { master: link({ host: two.address }) } }),
    ],
    master: 'redis-02',
    observed: true,
    blockers: [],
  },
  'an empty master that is followed': {
    seen: [
      masterFacts(one, { redis: { keys: 0 } }),
      masterFacts(two, { redis: { keys: 0 } }),
      replicaFacts(three, { redis: { keys: 0, master: link({ host: two.address }) } }),
    ],
    master: 'redis-02',
    observed: true,
    blockers: [],
  },
  'three empty masters: the nominated one': {
    seen: [one, two, three].map((node) => masterFacts(node, { redis: { keys: 0 } })),
    master: 'redis-01',
    observed: false,
    blockers: [],
  },
  'one of three standalone nodes has data': {
    seen: [one, two, three].map((node) => masterFacts(node, { redis: { keys: node === two ? 5 : 0 } })),
    master: 'redis-02',
    observed: true,
    blockers: [],
  },
  'two masters with data, one of which Git nominates': {
    seen: [masterFacts(one), masterFacts(two), replicaFacts(three)],
    master: 'redis-01',
    observed: true,
    blockers: [],
  },
  'two masters with data, and the other one is followed': {
    seen: [
      masterFacts(one),
      masterFacts(two),
      replicaFacts(three, { redis: { master: link({ host: '10.0.0.124' }) } }),
    ],
    master: null,
    observed: false,
    blockers: ['MASTER_AMBIGUOUS'],
  },
  'one has data, another is followed': {
    seen: [masterFacts(one, { redis: { keys: 0 } }), masterFacts(two), replicaFacts(three, { redis: { keys: 0 } })],
    master: null,
    observed: false,
    blockers: ['MASTER_AMBIGUOUS'],
  },
  'a master that is not in the inventory': {
    seen: [one, two, three].map((node) => replicaFacts(node, { redis: { master: link({ host: '10.9.9.9' }) } })),
    master: null,
    observed: false,
    blockers: ['MASTER_UNKNOWN', 'MASTER_UNKNOWN', 'MASTER_UNKNOWN'],
  },
  'a foreign master beside our own': {
    seen: [masterFacts(one), replicaFacts(two), replicaFacts(three, { redis: { master: link({ host: '10.9.9.9' }) } })],
    master: 'redis-01',
    observed: true,
    blockers: ['MASTER_UNKNOWN'],
  },
  'the right address, another port': {
    seen: [masterFacts(one), replicaFacts(two), replicaFacts(three, { redis: { master: link({ port: 6380 }) } })],
    master: 'redis-01',
    observed: true,
    blockers: ['MASTER_UNKNOWN'],
  },
  'the nominated master is down, and followed': {
    seen: [stoppedFacts(one, null), replicaFacts(two), replicaFacts(three)],
    master: 'redis-01',
    observed: false,
    blockers: [],
  },
  'another master is down, and followed': {
    seen: [
      stoppedFacts(one, MASTER),
      stoppedFacts(two, null),
      replicaFacts(three, { redis: { master: link({ host: two.address }) } }),
    ],
    master: null,
    observed: false,
    blockers: ['MASTER_DOWN'],
  },
  'a replica that follows the master by its name': {
    seen: [
      masterFacts(one, { redis: { keys: 0 } }),
      replicaFacts(two, { redis: { keys: 0, master: link({ host: 'redis-01', up: false }) } }),
      bareFacts(three),
    ],
    master: 'redis-01',
    observed: true,
    blockers: [],
  },
  'IPv6 in another spelling': {
    desired: desiredCluster({ nodes: onIPv6 }),
    seen: onIPv6.map((node, index) =>
      index === 0
        ? masterFacts(node, { redis: { keys: 0 } })
        : replicaFacts(node, { redis: { keys: 0, master: link({ host: 'FD00::1' }) } }),
    ),
    master: 'redis-01',
    observed: true,
    blockers: [],
  },
  'a ring of replicas': {
    seen: [
      replicaFacts(one, { redis: { master: link({ host: two.address }) } }),
      replicaFacts(two),
      replicaFacts(three),
    ],
    master: null,
    observed: false,
    blockers: ['MASTER_UNKNOWN'],
  },
  'a nominated master that follows itself': {
    seen: [replicaFacts(one), replicaFacts(two), replicaFacts(three)],
    master: null,
    observed: false,
    blockers: ['MASTER_UNKNOWN'],
  },
  'nothing was looked at': { seen: [], master: 'redis-01', observed: false, blockers: [] },
  'a node that cannot be read': {
    seen: [unreachable(one), replicaFacts(two), replicaFacts(three)],
    master: 'redis-01',
    observed: false,
    blockers: [],
  },
};

describe('rolesOf', () => {
  it.each(Object.entries(CASES))('%s', (_name, { seen, master, observed, blockers, desired = cluster }) => {
    const roles = rolesOf(desired, seen);
    expect(roles.master?.desired.name ?? null).toBe(master);
    expect(roles.observed).toBe(observed);
    expect(roles.blockers.map(({ code }) => code)).toEqual(blockers);
    expect(roles.topology.master).toBe(observed ? master : null);
  });

  it('gives each node’s role', () => {
    const seen = [masterFacts(one), unreachable(two), stoppedFacts(three, MASTER)];
    const { topology } = rolesOf(cluster, seen);
    expect(topology.nodes.map(({ name, role }) => [name, role])).toEqual([
      ['redis-01', 'master'],
      ['redis-02', 'unreachable'],
      ['redis-03', 'down'],
    ]);
  });

  it('treats a hanging Redis as unreadable, not as down', () => {
    const hung: NodeFacts = {
      ...masterFacts(one),
      redis: { state: 'unreadable', code: 'REDIS_TIMEOUT', reason: 'silence' },
    };
    expect(rolesOf(cluster, [hung]).topology.nodes[0]?.role).toBe('unreadable');
  });
});
