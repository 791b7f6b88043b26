import { describe, expect, it } from 'vitest';
import type { DesiredCluster } from '../../../src/domain/desired.ts';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { actionsOf, isDisruptive } from '../../../src/domain/plan.ts';
import type { FailoverGoal, Goal } from '../../../src/domain/goal.ts';
import { sentinelFile } from '../../../src/domain/sentinel/sentinel-file.ts';
import type { SentinelMaster } from '../../../src/domain/sentinel/replies.ts';
import { diagnose } from '../../../src/diagnose/diagnose.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { desiredCluster, healthy } from '../../builders.ts';
import { masterSeenBy, NAMES, sentinel } from '../../sentinels.ts';

const FILE = ['port 26379', 'sentinel monitor redis 10.0.0.123 6379 2'];

function asks(change: Partial<DesiredCluster> = {}): DesiredCluster {
  const cluster = desiredCluster({ change: { sentinel: true, ...change } });
  const file = { path: '/etc/redis/sentinel.conf', owner: 'redis', group: 'redis', mode: '640' };
  const wanted = {
    packageName: 'redis-sentinel',
    unit: 'redis-sentinel.service',
    port: 26_379,
    masterName: 'redis',
    file: { ...file, content: sentinelFile(FILE) },
  };
  return { ...cluster, nodes: cluster.nodes.map((node) => ({ ...node, sentinel: wanted })) };
}

type MasterOn = (name: string) => Partial<SentinelMaster>;

function seen(masterOn: MasterOn): readonly NodeFacts[] {
  return healthy(desiredCluster()).map((facts) => {
    if (!facts.reachable || facts.redis.state !== 'up') return facts;
    const file = { ...sentinel(facts.name).file, content: sentinelFile(FILE) };
    const redis = { ...facts.redis, watchedBySentinel: true };
    return { ...facts, redis, sentinel: sentinel(facts.name, { master: masterOn(facts.name), facts: { file } }) };
  });
}

function planned(goal: Goal, desired: DesiredCluster, observed: readonly NodeFacts[]) {
  const plan = makePlan(goal, desired, observed);
  return {
    plan,
    waves: plan.waves.map(({ actions }) => actions.map(({ node, kind }) => `${node} ${kind}`)),
    codes: plan.blockers.map(({ code }) => code),
  };
}

const CONVERGE: Goal = { kind: 'converge' };
const ELSEWHERE = { host: '10.0.0.125' };
const GHOST = { host: '10.0.0.126', port: 6379, flags: new Set(['slave', 's_down']), priority: 100, linkUp: false };
const withGhost: MasterOn = (name) => ({ replicas: [...masterSeenBy(name).replicas, GHOST] });

describe('a Sentinel that names another master', () => {
  it('is healed alone, after an approval', () => {
    const { plan, waves, codes } = planned(
      CONVERGE,
      asks(),
      seen((name) => (name === 'redis-02' ? ELSEWHERE : {})),
    );
    expect(codes).toEqual([]);
    expect(waves).toEqual([['redis-02 watch-master'], ['redis-03 await-sentinels']]);
    expect(isDisruptive(plan)).toBe(true);
    expect(actionsOf(plan)[0]).toMatchObject({ master: { host: '10.0.0.123', port: 6379 }, others: 2, replicas: 2 });
  });

  it.each<[string, DesiredCluster, MasterOn, string]>([
    ['most differ', asks(), (name) => (name === 'redis-01' ? {} : ELSEWHERE), 'SENTINEL_MASTERS_DIFFER'],
    ['all differ', asks(), () => ELSEWHERE, 'SENTINEL_MASTERS_DIFFER'],
    [
      'Git asks for no Sentinel',
      desiredCluster(),
      (name) => (name === 'redis-02' ? ELSEWHERE : {}),
      'SENTINEL_MASTERS_DIFFER',
    ],
    [
      'a failover runs',
      asks(),
      (name) => (name === 'redis-02' ? { ...ELSEWHERE, flags: new Set(['master', 'failover_in_progress']) } : {}),
      'MASTER_UNKNOWN',
    ],
  ])('blocks the plan where %s', (_, desired, masterOn, code) => {
    expect(planned(CONVERGE, desired, seen(masterOn)).codes).toContain(code);
  });

  it('is a finding that apply fixes', () => {
    const observed = seen((name) => (name === 'redis-02' ? ELSEWHERE : {}));
    const findings = diagnose(asks(), observed, (goal) => makePlan(goal, asks(), observed));
    const finding = findings.find(({ id }) => id === 'SENTINEL_MASTERS_DIFFER');
    expect(finding).toMatchObject({ fix: CONVERGE });
  });
});

describe('a ghost', () => {
  it('is forgotten by one Sentinel after the other, after an approval', () => {
    const { plan, waves } = planned(CONVERGE, asks(), seen(withGhost));
    expect(waves).toEqual([...NAMES.map((name) => [`${name} reset-sentinel`]), ['redis-03 await-sentinels']]);
    expect(isDisruptive(plan)).toBe(true);
    expect(actionsOf(plan)[0]).toMatchObject({ ghosts: ['replica 10.0.0.126:6379'] });
  });

  it.each<[string, (observed: readonly NodeFacts[]) => readonly NodeFacts[]]>([
    [
      'a replica has no link',
      (observed) =>
        observed.map((facts) =>
          facts.name === 'redis-03' && facts.reachable && facts.redis.state === 'up' && facts.redis.master
            ? { ...facts, redis: { ...facts.redis, master: { ...facts.redis.master, up: false } } }
            : facts,
        ),
    ],
    [
      'a Sentinel is missing',
      (observed) =>
        observed.map((facts) =>
          facts.name === 'redis-03' && facts.reachable && facts.sentinel
            ? { ...facts, sentinel: { ...facts.sentinel, process: { state: 'down', reason: 'Nothing listens.' } } }
            : facts,
        ),
    ],
    [
      'a Sentinel calls the master down',
      () =>
        seen((name) => ({
          ...withGhost(name),
          ...(name === 'redis-03' ? { flags: new Set(['master', 's_down']) } : {}),
        })),
    ],
  ])('stays where %s', (_, change) => {
    const { waves } = planned(CONVERGE, asks(), change(seen(withGhost)));
    expect(waves.flat().filter((step) => step.endsWith('reset-sentinel'))).toEqual([]);
  });

  it('stays where Git asks for no Sentinel', () => {
    expect(planned(CONVERGE, desiredCluster(), seen(withGhost)).waves).toEqual([]);
  });
});

describe('failover accept-history under Sentinel', () => {
  const goal: FailoverGoal = { kind: 'failover', mode: 'accept-history', node: 'redis-01' };

  it('keeps the master that the nodes have: every Sentinel lets go first, then watches it', () => {
    const { waves, codes } = planned(
      goal,
      asks(),
      seen(() => ELSEWHERE),
    );
    expect(codes).toEqual([]);
    expect(waves[0]).toEqual(NAMES.map((name) => `${name} forget-master`));
    expect(waves.slice(-3)).toEqual(NAMES.map((name) => [`${name} watch-master`]));
  });

  it.each<[string, DesiredCluster, MasterOn]>([
    ['Git asks for no Sentinel', desiredCluster(), () => ELSEWHERE],
    ['a failover runs', asks(), () => ({ ...ELSEWHERE, flags: new Set(['master', 'failover_in_progress']) })],
    [
      'others could agree on a failover',
      asks(),
      (name) => ({
        ...ELSEWHERE,
        peers: [
          ...masterSeenBy(name).peers,
          ...['10.0.0.127', '10.0.0.128'].map((host) => {
            return { host, port: 26_379, id: host.padEnd(40, 'f'), flags: new Set(['sentinel']) };
          }),
        ],
      }),
    ],
  ])('is refused where %s', (_, desired, masterOn) => {
    expect(planned(goal, desired, seen(masterOn)).codes).toContain('SENTINEL_WATCHES');
  });
});
