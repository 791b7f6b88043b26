import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/domain/limits.ts';
import type { HostFacts, Listener, NodeFacts, Preflight } from '../../../src/domain/facts.ts';
import { bytes } from '../../../src/domain/text/figures.ts';
import type { Plan } from '../../../src/domain/plan.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import {
  bareFacts,
  desiredCluster,
  desiredNode,
  healthy,
  host,
  link,
  masterFacts,
  replicaFacts,
  stoppedFacts,
  unit,
  type Seen,
} from '../../builders.ts';
import { describeBlockers, planOf } from '../look.ts';

const [one, two] = [desiredNode('redis-01'), desiredNode('redis-02')];
const cluster = desiredCluster({ nodes: [one, two] });
const MASTER = { host: one.address, port: 6379 };
const GB = 1_000_000_000;

const checks = (change: Partial<Preflight>): Partial<HostFacts> => ({
  preflight: { ...host(two, null).preflight, ...change },
});

/** redis-02 does not run; the plan starts it as a replica of redis-01. */
function starting(on: Partial<HostFacts>, of: Seen['redis'] = {}): Plan {
  const stopped = unit({ activeState: 'inactive', subState: 'dead', mainPid: 0 });
  return planOf(cluster, [masterFacts(one, { redis: of }), stoppedFacts(two, MASTER, { unit: stopped, ...on })]);
}

function messagesOf({ blockers }: Plan): readonly string[] {
  return blockers.map(({ message }) => message);
}

it('requires nothing of nodes that the plan leaves alone', () => {
  const starved = {
    host: { freeBytes: 0, memoryAvailableBytes: 0, ...checks({ listeners: null, memory: null, clock: null }) },
  };
  const seen = healthy(cluster, { 'redis-01': starved, 'redis-02': starved });
  expect(planOf(cluster, seen)).toMatchObject({ blockers: [], risks: [] });
});

it('does not block the rest of a run that has begun', () => {
  const seen = [masterFacts(one), stoppedFacts(two, MASTER, { freeBytes: 0 })];
  const codes = (begun: boolean) => describeBlockers(makePlan({ kind: 'converge' }, cluster, seen, { begun }));
  expect(codes(false)).toEqual(['DISK_SHORT redis-02']);
  expect(codes(true)).toEqual([]);
});

describe('the port', () => {
  const held = (address: string, process: Listener['process'] = { name: 'nc', pid: 4711 }) =>
    starting(checks({ listeners: [{ address, process }] }));

  it('is held by another process', () => {
    const plan = held('0.0.0.0');
    expect(describeBlockers(plan)).toEqual(['PORT_TAKEN redis-02']);
    expect(messagesOf(plan)[0]).toContain('nc (process 4711) listens on 0.0.0.0:6379 of redis-02');
  });

  it.each([
    ['a named address of ours', '10.0.0.124', ['PORT_TAKEN redis-02']],
    ['all of IPv6', '[::]', ['PORT_TAKEN redis-02']],
    ['one interface’s', '127.0.0.1%lo', ['PORT_TAKEN redis-02']],
    ['an address that Redis does not want', '192.168.7.1', []],
  ])('on %s', (_, address, expected) => {
    expect(describeBlockers(held(address))).toEqual(expected);
  });

  it('does not count as free if unknown', () => {
    expect(describeBlockers(starting(checks({ listeners: null })))).toEqual(['HOST_UNKNOWN redis-02']);
  });

  it('may be held by what the plan ends', () => {
    const stray = { pid: 4711, command: '/usr/bin/redis-sentinel *:6379 [sentinel]', startTicks: '1' };
    const listeners = [{ address: '*', process: { name: 'redis-sentinel', pid: 4711 } }];
    expect(describeBlockers(starting({ strayProcesses: [stray], ...checks({ listeners }) }))).toEqual([]);
  });

  it('is named if its holder answers in Redis’s place', () => {
    const listeners = [{ address: '*', process: { name: 'nc', pid: 4711 } }];
    const off = unit({ activeState: 'inactive', mainPid: 0 });
    const facts: NodeFacts = {
      ...stoppedFacts(two, MASTER, { unit: off, ...checks({ listeners }) }),
      redis: { state: 'unreadable', code: 'REDIS_TIMEOUT', reason: 'no answer' },
    };
    expect(describeBlockers(planOf(cluster, [masterFacts(one), facts]))).toEqual(['PORT_TAKEN redis-02']);
  });
});

describe('the package', () => {
  const installing = (apt: Preflight['apt']): Plan => {
    const bare = bareFacts(two);
    return planOf(cluster, [masterFacts(one), { ...bare, host: { ...bare.host, ...checks({ apt }) } }]);
  };

  it.each<[Preflight['apt'], readonly string[]]>([
    ['known', []],
    ['no lists', []],
    ['unknown', ['PACKAGE_UNKNOWN redis-02']],
    [null, ['HOST_UNKNOWN redis-02']],
  ])('is %s', (apt, expected) => {
    expect(describeBlockers(installing(apt))).toEqual(expected);
  });

  it('may be unknown without lists: worth knowing', () => {
    expect(
      installing('no lists')
        .risks.map(({ message }) => message)
        .join(),
    ).toContain('apt-get update');
  });

  it('does not matter if the package is installed', () => {
    expect(describeBlockers(starting(checks({ apt: 'unknown' })))).toEqual([]);
  });
});

describe('the disk', () => {
  it('has no room for the snapshot', () => {
    const plan = starting({ freeBytes: 300 * 1024 ** 2 }, { datasetBytes: 1.2 * 1024 ** 3 });
    expect(messagesOf(plan)).toEqual(['redis-02 needs 1.2 GiB free in /data/redis for the snapshot, has 300 MiB.']);
    expect(describeBlockers(plan)).toEqual(['DISK_SHORT redis-02']);
  });

  it.each<[string, readonly string[], number, boolean]>([
    ['with an append-only file twice the room', ['appendonly yes'], 1.5 * GB, true],
    ['with an append-only file, and twice the room', ['appendonly yes'], 2 * GB, false],
    ['loading from the link', ['repl-diskless-load swapdb'], 0, false],
    ['loading from the link while empty', ['repl-diskless-load on-empty-db'], 0, false],
    ['exactly', [], GB, false],
    ['a byte too little', [], GB - 1, true],
  ])('%s', (_, lines, freeBytes, isShort) => {
    const [master, node] = [desiredNode('redis-01', { lines }), desiredNode('redis-02', { lines })];
    const seen = [masterFacts(master, { redis: { datasetBytes: GB } }), stoppedFacts(node, MASTER, { freeBytes })];
    const plan = planOf(desiredCluster({ nodes: [master, node] }), seen);
    expect(describeBlockers(plan)).toEqual(isShort ? ['DISK_SHORT redis-02'] : []);
  });

  it('keeps what came already', () => {
    const part = (syncReadBytes: number) => {
      const on = link({ up: false, state: 'sync', syncInProgress: true, syncReadBytes });
      const replica = replicaFacts(two, { redis: { master: on, keys: 0 }, host: { freeBytes: GB / 2 } });
      return describeBlockers(planOf(cluster, [masterFacts(one, { redis: { datasetBytes: GB } }), replica]));
    };
    expect(part(0.4 * GB)).toEqual(['DISK_SHORT redis-02']);
    expect(part(0.6 * GB)).toEqual([]);
  });

  it('is also needed for the snapshot before a restart', () => {
    const node = { ...two, dropIn: two.dropIn };
    const needsRestart = desiredCluster({ nodes: [one, desiredNode('redis-02', { lines: ['databases 32'] })] });
    const seen = healthy(desiredCluster({ nodes: [one, node] }), {
      'redis-01': { redis: { datasetBytes: GB } },
      'redis-02': { redis: { datasetBytes: GB }, host: { freeBytes: 1000 } },
    });
    expect(describeBlockers(planOf(needsRestart, seen))).toEqual(['DISK_SHORT redis-02']);
  });

  it('is needed for a resynchronization', () => {
    const seen = healthy(cluster, {
      'redis-01': { redis: { datasetBytes: GB } },
      'redis-02': { host: { freeBytes: 1000 } },
    });
    const plan = makePlan({ kind: 'resync', node: 'redis-02' }, cluster, seen);
    expect(describeBlockers(plan)).toEqual(['DISK_SHORT redis-02']);
  });
});

describe('memory', () => {
  const forking = (on: Partial<HostFacts>, writeBytesPerSecond = 0): Plan => {
    const master = masterFacts(one, {
      redis: { usedMemoryBytes: 2 * GB, datasetBytes: GB, writeBytesPerSecond },
      host: on,
    });
    return planOf(cluster, [master, stoppedFacts(two, MASTER)]);
  };

  it('is short for the fork’s copies, the shorter the more is written', () => {
    const memoryAvailableBytes = 0.5 * GB;
    expect(describeBlockers(forking({ memoryAvailableBytes }))).toEqual([]);
    expect(describeBlockers(forking({ memoryAvailableBytes: 0.1 * GB }))).toEqual(['MEMORY_SHORT redis-01']);
    const busy = forking({ memoryAvailableBytes }, 1_000_000);
    expect(describeBlockers(busy)).toEqual(['MEMORY_SHORT redis-01']);
    expect(messagesOf(busy)[0]).toContain(`about ${bytes(0.2 * GB + 80 * 8_000_000)} of memory`);
  });

  it.each<[string, Preflight['memory'], readonly string[], boolean]>([
    ['refused by the kernel', { overcommit: 'never', uncommittedBytes: GB }, ['MEMORY_SHORT redis-01'], false],
    ['promised by the kernel', { overcommit: 'never', uncommittedBytes: 3 * GB }, [], false],
    ['perhaps refused', { overcommit: 'heuristic', uncommittedBytes: 0 }, [], true],
    ['never refused', { overcommit: 'always', uncommittedBytes: 0 }, [], false],
    ['not known', null, ['HOST_UNKNOWN redis-01'], false],
  ])('is %s', (_, memory, expected, isRisk) => {
    const plan = forking({ memoryAvailableBytes: GB, ...checks({ memory }) });
    expect(describeBlockers(plan)).toEqual(expected);
    expect(plan.risks.some(({ code }) => code === 'MEMORY_SHORT')).toBe(isRisk);
  });

  it('is short for the data itself', () => {
    const plan = starting({ memoryAvailableBytes: 0.9 * GB }, { datasetBytes: GB });
    expect(describeBlockers(plan)).toEqual(['MEMORY_SHORT redis-02']);
  });
});

describe('clocks', () => {
  const codesWith = (clock: Preflight['clock']) =>
    starting(checks({ clock })).risks.map(({ code, message }) => `${code} ${message}`);

  it('are certainly apart', () => {
    const [said] = codesWith({ leastAheadMs: 42_000, mostAheadMs: 42_100 });
    expect(said).toContain('CLOCKS_DIFFER The clock of redis-02 is 42 s ahead of that of redisops itself');
    expect(codesWith({ leastAheadMs: -9100, mostAheadMs: -9000 })[0]).toContain('9.0 s ahead of that of redis-02');
  });

  it.each<[string, Preflight['clock']]>([
    ['near', { leastAheadMs: 1000, mostAheadMs: 1100 }],
    ['perhaps apart, by a slow answer', { leastAheadMs: -10_000, mostAheadMs: 10_000 }],
  ])('are %s', (_, clock) => {
    expect(codesWith(clock)).toEqual([]);
  });

  it('may not be known', () => {
    expect(codesWith(null)).toEqual(['HOST_UNKNOWN redis-02’s clock could not be read.']);
  });
});

describe('what figures never do', () => {
  const size = fc.integer({ min: 0, max: 1e12 });

  it('more free disk, or more memory, adds no blocker', () => {
    fc.assert(
      fc.property(fc.record({ data: size, rate: size, disk: size, memory: size }), size, (few, more) => {
        const plan = (disk: number, memory: number) => {
          const on = { freeBytes: disk, memoryAvailableBytes: memory };
          const of = { datasetBytes: few.data, usedMemoryBytes: few.data, writeBytesPerSecond: few.rate };
          return describeBlockers(
            planOf(cluster, [masterFacts(one, { redis: of, host: on }), stoppedFacts(two, MASTER, on)]),
          );
        };
        const before = plan(few.disk, few.memory);
        expect(before).toEqual(expect.arrayContaining([...plan(few.disk + more, few.memory + more)]));
      }),
    );
  });

  it('more data, or more writes, remove no blocker and no coded risk', () => {
    fc.assert(
      fc.property(fc.record({ data: size, rate: size, disk: size }), size, (few, more) => {
        const coded = (data: number, rate: number) => {
          const of = { datasetBytes: data, usedMemoryBytes: data, writeBytesPerSecond: rate };
          const on = { freeBytes: few.disk };
          const seen = healthy(cluster, { 'redis-01': { redis: of, host: on }, 'redis-02': { redis: of, host: on } });
          const { blockers, risks } = makePlan({ kind: 'resync', node: 'redis-02' }, cluster, seen);
          return [...blockers, ...risks].map(({ code, node }) => `${code} ${node}`);
        };
        const after = coded(few.data + more, few.rate + more);
        expect(after).toEqual(expect.arrayContaining(coded(few.data, few.rate)));
      }),
    );
  });
});

describe('a start that has to load', () => {
  const GIB = 1024 ** 3;
  const loading = (bytesOnDisk: number, startTimeoutMs?: number) => {
    const off = unit({
      activeState: 'inactive',
      mainPid: 0,
      ...(startTimeoutMs === undefined ? {} : { startTimeoutMs }),
    });
    const dataFiles = [{ path: '/data/redis/temp-sync.rdb', bytes: bytesOnDisk, keys: null, ageSeconds: 60 }];
    return starting({ unit: off, dataFiles }).risks.filter(({ code }) => code === 'START_LIMIT_SHORT');
  };

  it('has less time than it needs, by systemd or by the cluster’s limits', () => {
    const message =
      'redis-02 loads 5 GiB at its start, about 1 min 47 s; TimeoutStartSec of its unit ends that after 1 min 30 s.';
    expect(loading(5 * GIB, 90_000)).toEqual([{ code: 'START_LIMIT_SHORT', node: 'redis-02', message }]);
    expect(loading(6 * GIB)[0]?.message).toContain('limits.start of redisops.yml ends that after 2 min.');
  });

  it('has time enough', () => {
    expect(loading(4 * GIB, 90_000)).toEqual([]);
    expect(loading(5 * GIB)).toEqual([]);
  });
});

it('names the time for large data, and the assumed limits', () => {
  const plan = starting({}, { datasetBytes: 5 * 1024 ** 3, usedMemoryBytes: 6 * 1024 ** 3 });
  expect(DEFAULT_LIMITS.syncBytesPerSecond).toBe(12_500_000);
  expect(plan.risks.map(({ message }) => message).join()).toContain(
    'carries up to 5 GiB: about 7 min 9 s for the network',
  );
});
