import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/domain/action.ts';
import type { DesiredCluster, DesiredSentinel } from '../../../src/domain/desired.ts';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { actionsOf } from '../../../src/domain/plan.ts';
import { SET_UP, sentinelFile } from '../../../src/domain/sentinel/sentinel-file.ts';
import { driftOf } from '../../../src/plan/drift/drift.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { desiredCluster, healthy } from '../../builders.ts';
import { masterSeenBy, NAMES, sentinel, type SentinelChange } from '../../sentinels.ts';

const FILE = [
  'port 26379',
  'protected-mode no',
  'sentinel monitor redis 10.0.0.123 6379 2',
  'sentinel down-after-milliseconds redis 5000',
];

function wanted(lines: readonly string[] = FILE): DesiredSentinel {
  const file = {
    path: '/etc/redis/sentinel.conf',
    owner: 'redis',
    group: 'redis',
    mode: '640',
    content: sentinelFile(lines),
  };
  return { packageName: 'redis-sentinel', unit: 'redis-sentinel.service', port: 26_379, masterName: 'redis', file };
}

function asks(lines: readonly string[] = FILE): DesiredCluster {
  const cluster = desiredCluster({ change: { sentinel: true } });
  return { ...cluster, nodes: cluster.nodes.map((node) => ({ ...node, sentinel: wanted(lines) })) };
}

function withFile(lines: readonly string[]): NonNullable<SentinelChange['facts']> {
  return { file: { ...sentinel('redis-01').file, content: sentinelFile(lines) } };
}

function seen(change: (name: string) => SentinelChange): readonly NodeFacts[] {
  return healthy(desiredCluster()).map((facts) => {
    const { facts: more, ...rest } = change(facts.name);
    const sentinels = sentinel(facts.name, { ...rest, facts: { ...withFile(FILE), ...more } });
    return facts.reachable ? { ...facts, sentinel: sentinels } : facts;
  });
}

const DOWN: NonNullable<SentinelChange['facts']> = {
  process: { state: 'down', reason: 'Nothing listens on port 26379.' },
  unit: { ...sentinel('redis-01').unit, activeState: 'inactive', unitFileState: 'disabled', mainPid: 0 },
};
const STOCK = ['port 26379', 'sentinel monitor mymaster 127.0.0.1 6379 2'];

function planned(desired: DesiredCluster, observed: readonly NodeFacts[]) {
  const plan = makePlan({ kind: 'converge' }, desired, observed);
  return { ...plan, kinds: actionsOf(plan).map(({ node, kind }) => `${node} ${kind}`) };
}

describe('the plan of Sentinels', () => {
  it('is empty where they are as asked', () => {
    expect(
      planned(
        asks(),
        seen(() => ({})),
      ).kinds,
    ).toEqual([]);
    expect(
      driftOf(
        asks(),
        seen(() => ({})),
      ).drifts,
    ).toEqual([]);
  });

  it('starts one at a time, and each must know those before it', () => {
    const { waves, risks, blockers } = planned(
      asks(),
      seen(() => ({ facts: { ...DOWN, ...withFile(STOCK) } })),
    );
    expect(blockers).toEqual([]);
    expect(waves.map(({ actions }) => actions.map(({ node, kind }) => `${node} ${kind}`))).toEqual([
      ...NAMES.map((name) => [`${name} set-up-sentinel`]),
      ['redis-03 await-sentinels'],
    ]);
    expect(waves.flatMap(({ actions }) => actions)).toMatchObject([
      { others: 0, keepsState: false },
      { others: 1, keepsState: false },
      { others: 2, keepsState: false },
      { count: 3 },
    ]);
    expect(risks.map(({ message }) => message).join('\n')).toMatch(/after about 5\.5 s.*It may lose the writes/);
  });

  it('installs the package where the unit is missing', () => {
    const missing = { ...DOWN, unit: { ...sentinel('redis-01').unit, loadState: 'not-found' }, ...withFile(STOCK) };
    expect(
      planned(
        asks(),
        seen((name) => (name === 'redis-02' ? { facts: missing } : {})),
      ).kinds,
    ).toEqual(['redis-02 install-package', 'redis-02 set-up-sentinel', 'redis-03 await-sentinels']);
  });

  it.each([
    ['live', ['sentinel down-after-milliseconds redis 2000'], 'sentinel-set'],
    ['by a restart that keeps its state', ['protected-mode yes'], 'set-up-sentinel'],
  ])('changes settings %s', (_, lines, kind) => {
    const observed = seen((name) => (name === 'redis-02' ? { facts: withFile([...FILE, ...lines]) } : {}));
    const { kinds, waves } = planned(asks(), observed);
    expect(kinds).toEqual([`redis-02 ${kind}`, 'redis-03 await-sentinels']);
    const [action] = waves.flatMap(({ actions }): readonly Action[] => actions);
    if (action?.kind === 'set-up-sentinel') expect(action.keepsState).toBe(true);
    expect(driftOf(asks(), observed).drifts).toMatchObject([{ node: 'redis-02', kind: 'file', byApply: true }]);
  });

  it('sets up anew what monitors loopback or uses another name', () => {
    const stock = { facts: withFile(STOCK), master: { name: 'mymaster', host: '127.0.0.1' } };
    const named = {
      facts: withFile(['sentinel monitor shop 10.0.0.123 6379 2']),
      master: { name: 'shop' },
    };
    for (const change of [stock, named])
      expect(
        planned(
          asks(),
          seen((name) => (name === 'redis-02' ? change : {})),
        ).kinds,
      ).toEqual(['redis-02 set-up-sentinel', 'redis-03 await-sentinels']);
  });

  it('is blocked by masters that differ, where it is not one Sentinel alone', () => {
    const { blockers } = planned(
      asks(),
      seen((name) => (name === 'redis-01' ? {} : { master: { host: '10.0.0.125' } })),
    );
    expect(blockers.map(({ code }) => code)).toEqual(['SENTINEL_MASTERS_DIFFER']);
  });

  it.each<[what: string, change: SentinelChange, code: string]>([
    ['a failover under way', { master: { flags: new Set(['master', 'o_down', 's_down']) } }, 'MASTER_UNKNOWN'],
    ['a Sentinel outside its unit', { process: { processId: 4711 } }, 'REDIS_RUNS_ELSEWHERE'],
    [
      'another cluster’s master',
      {
        process: {
          masters: [
            masterSeenBy('redis-02'),
            { ...masterSeenBy('redis-02', { name: 'shop', host: '10.9.9.9' }), replicas: [] },
          ],
        },
      },
      'SENTINEL_SHARED',
    ],
    [
      'no answer',
      { facts: { process: { state: 'unreadable', code: 'REDIS_TIMEOUT', reason: 'It is silent.', hint: null } } },
      'SENTINEL_UNREADABLE',
    ],
  ])('is blocked by %s', (_, change, code) => {
    const { blockers } = planned(
      asks(),
      seen((name) => (name === 'redis-02' ? change : {})),
    );
    expect(blockers.map((each) => each.code)).toEqual([code]);
  });

  it('stops those that redisops set up, only where Git says so', () => {
    const off = desiredCluster({ change: { sentinelOff: true } });
    const ours = seen(() => ({ facts: withFile([SET_UP, ...FILE]) }));
    expect(planned(off, ours).kinds).toEqual(NAMES.map((name) => `${name} stop-sentinel`));
    expect(planned(desiredCluster(), ours).kinds).toEqual([]);
    const theirs = seen(() => ({}));
    expect(planned(off, theirs).kinds).toEqual([]);
  });
});
