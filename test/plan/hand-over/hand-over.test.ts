import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { actionsOf } from '../../../src/domain/plan.ts';
import { desiredCluster, desiredNode, healthy, link, masterFacts, redis, replicaFacts } from '../../builders.ts';
import { describeBlockers, planOf, stepsOf } from '../look.ts';
import { afterPlan } from '../simulate.ts';

const cluster = desiredCluster();
const desired = desiredCluster({ lines: ['databases 32'] });
const plan = planOf(desired, healthy(cluster));

describe('a restart of a master that holds data', () => {
  it('restarts the replicas, hands the role over, restarts the old master as a replica, and hands it back', () => {
    expect(describeBlockers(plan)).toEqual([]);
    expect(stepsOf(plan)).toEqual([
      ['redis-02 write-file', 'redis-02 restart-unit', 'redis-02 await-link'],
      ['redis-03 write-file', 'redis-03 restart-unit', 'redis-03 await-link'],
      ['redis-01 hand-over'],
      ['redis-01 write-file', 'redis-02 write-file', 'redis-03 write-file'],
      ['redis-01 restart-unit', 'redis-01 await-link'],
      ['redis-02 hand-over'],
      ['redis-01 write-file', 'redis-02 write-file', 'redis-03 write-file'],
    ]);
    expect(planOf(desired, afterPlan(plan, desired, healthy(cluster))).waves).toEqual([]);
  });

  it('leaves the role where it went if redisops.yml says so', () => {
    const stays = { ...desired, policy: { ...desired.policy, handBack: false as const } };
    expect(stepsOf(planOf(stays, healthy(cluster)))).toEqual(stepsOf(plan).slice(0, 5));
    const after = afterPlan(planOf(stays, healthy(cluster)), stays, healthy(cluster));
    expect(planOf(stays, after).waves).toEqual([]);
  });

  it('has the old master’s file name the new master before it is restarted', () => {
    const files = actionsOf(plan).flatMap((action) => (action.kind === 'write-file' ? [action] : []));
    expect(files.filter(({ node }) => node === 'redis-01').map(({ replicaof }) => replicaof?.host ?? null)).toEqual([
      '10.0.0.124',
      null,
    ]);
    const hashes = files.map(({ replaces }) => replaces);
    expect(hashes).not.toContain(null);
    expect(new Set(hashes).size).toBeGreaterThan(3);
  });

  it('chooses the first replica in sync', () => {
    const away = { redis: { master: link({ up: false }) } };
    const steps = actionsOf(planOf(desired, healthy(cluster, { 'redis-02': away })));
    expect(steps.find(({ kind }) => kind === 'hand-over')).toMatchObject({
      node: 'redis-01',
      to: { name: 'redis-03' },
    });
  });

  it.each<readonly [string, readonly string[], readonly string[], string, boolean]>([
    ['Git asks for it', ['replica-priority 0'], [], 'redis-03', false],
    ['it is Git’s for both', ['replica-priority 0'], ['replica-priority 0'], 'redis-02', true],
  ])('gives the role to no node with replica-priority 0 while there is another: %s', (_, two, three, to, isTold) => {
    const nodes = [
      desiredNode('redis-01', { lines: ['databases 32'] }),
      desiredNode('redis-02', { lines: ['databases 32', ...two] }),
      desiredNode('redis-03', { lines: ['databases 32', ...three] }),
    ];
    const made = planOf(desiredCluster({ nodes }), healthy(cluster));
    expect(actionsOf(made).find(({ kind }) => kind === 'hand-over')).toMatchObject({ to: { name: to } });
    expect(made.risks.some(({ message }) => message.includes('replica-priority is 0'))).toBe(isTold);
  });

  it('excludes a node that runs with replica-priority 0 without Git asking for it', () => {
    const running = redis(desiredNode('redis-02')).configuration;
    const configuration = new Map([...running, ['replica-priority', '0'] as const]);
    const made = planOf(desired, healthy(cluster, { 'redis-02': { redis: { configuration } } }));
    expect(actionsOf(made).find(({ kind }) => kind === 'hand-over')).toMatchObject({ to: { name: 'redis-03' } });
  });

  it.each([
    ['no replica in sync', { master: link({ up: false }) }],
    ['another version', { version: '7.2.4' }],
    ['another server', { valkeyVersion: '8.1.1' }],
    ['another history', { replicationId: 'f'.repeat(40) }],
  ])('restarts it where it stands with %s', (_, redis) => {
    const seen = healthy(cluster, { 'redis-02': { redis }, 'redis-03': { redis } });
    const inPlace = planOf(desired, seen);
    const restart = actionsOf(inPlace).find(({ kind, node }) => kind === 'restart-unit' && node === 'redis-01');
    expect(restart).toMatchObject({ data: { kept: 'snapshot' }, disruptive: true });
    expect(actionsOf(inPlace).some(({ kind }) => kind === 'hand-over')).toBe(false);
  });

  it.each([
    ['a replica that loads', { loading: true, master: link({ syncInProgress: true }) }],
    ['Sentinel', { watchedBySentinel: true }],
  ])('refuses with %s', (_, redis) => {
    const seen = healthy(cluster, { 'redis-02': { redis }, 'redis-03': { redis } });
    expect(describeBlockers(planOf(desired, seen))).toContain('MASTER_RESTART_HOLDS_DATA redis-01');
  });

  it('returns the role when the run is resumed after its worker died', () => {
    const under = { host: '10.0.0.124' };
    const [one, two, three] = desired.nodes;
    if (!one || !two || !three) throw new Error('three nodes');
    const seen = [
      replicaFacts(one, { redis: { master: link(under) } }),
      masterFacts(two),
      replicaFacts(three, { redis: { master: link(under) } }),
    ];
    const rest = makePlan({ kind: 'converge' }, desired, seen, { previousMaster: 'redis-01' });
    expect(stepsOf(rest)).toEqual([
      ['redis-02 hand-over'],
      ['redis-01 write-file', 'redis-02 write-file', 'redis-03 write-file'],
    ]);
    expect(makePlan({ kind: 'converge' }, desired, seen).waves).toEqual([]);
  });

  it('does not return the role to a node that the others cannot follow', () => {
    const under = { host: '10.0.0.124' };
    const [one, two, three] = desired.nodes;
    if (!one || !two || !three) throw new Error('three nodes');
    const seen = [
      replicaFacts(one, { redis: { version: '8.0.2', master: link(under) } }),
      masterFacts(two),
      replicaFacts(three, { redis: { master: link(under) } }),
    ];
    const rest = makePlan({ kind: 'converge' }, desired, seen, { previousMaster: 'redis-01' });
    expect(describeBlockers(rest)).toEqual(['REPLICA_TOO_OLD redis-03']);
    expect(rest.risks.map(({ code, node }) => `${code} ${node}`)).toContain('REPLICA_TOO_OLD redis-02');
  });

  it('recognizes an interrupted promotion: a replica to attach again', () => {
    const promoted = masterFacts(desiredNode('redis-02', { lines: ['databases 32'] }), {
      redis: {
        replicationId: 'f'.repeat(40),
        replicationId2: 'a'.repeat(40),
        offset: 100,
        secondOffset: 101,
        replicas: [],
      },
    });
    const [one, , three] = healthy(desired);
    if (!one?.reachable || one.redis.state !== 'up' || !three) throw new Error('healthy');
    const master = { ...one, redis: { ...one.redis, replicationId: 'a'.repeat(40), offset: 200 } };
    const rest = planOf(desired, [master, promoted, three]);
    expect(describeBlockers(rest)).toEqual([]);
    expect(stepsOf(rest).flat()).toContain('redis-02 replicate');
    const touched = { ...promoted, redis: { ...promoted.redis, offset: 140 } };
    // What it took since is its own.
    expect(stepsOf(planOf(desired, [master, touched as typeof promoted, three])).flat()).toContain('redis-02 back-up');
  });
});
