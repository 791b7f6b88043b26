import { describe, expect, it } from 'vitest';
import type { DesiredCluster } from '../../../src/domain/desired.ts';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { actionsOf } from '../../../src/domain/plan.ts';
import { driftOf } from '../../../src/plan/drift/drift.ts';
import { desiredCluster, HISTORY, link, masterFacts, replicaFacts, type Seen } from '../../builders.ts';
import { describeBlockers, planOf, stepsOf } from '../look.ts';

const cluster = desiredCluster();
const NOTE = { node: 'redis-01', replicationId: HISTORY };

/** redis-02 is the master, by a run that ended before the role was back on redis-01. */
function away(of: DesiredCluster, note: Seen['host'] = { masterHome: NOTE }, redis: Seen['redis'] = {}) {
  const [one, two, three] = of.nodes;
  if (!one || !two || !three) throw new Error('three nodes');
  const under = link({ host: '10.0.0.124' });
  const replicas = [one, three].map(({ address }) => ({
    address,
    port: 6379,
    state: 'online',
    offset: 1000,
    lagSeconds: 0,
  }));
  const facts: readonly NodeFacts[] = [
    replicaFacts(one, { redis: { master: under } }),
    masterFacts(two, { host: note, redis: { replicas, ...redis } }),
    replicaFacts(three, { redis: { master: under } }),
  ];
  return facts;
}

const HOME = [['redis-02 hand-over'], ['redis-01 write-file', 'redis-02 write-file', 'redis-03 write-file']];

describe('a role that an earlier run left elsewhere', () => {
  it('goes home with the next plan, whoever asks for it', () => {
    const plan = planOf(cluster, away(cluster));
    expect(describeBlockers(plan)).toEqual([]);
    expect(stepsOf(plan)).toEqual(HOME);
    expect(plan.risks.map(({ message }) => message)).toEqual([expect.stringContaining('fixed address')]);
    const [handOver] = actionsOf(plan);
    expect(handOver).toMatchObject({ kind: 'hand-over', to: { name: 'redis-01' }, disruptive: true });
    expect(handOver).not.toHaveProperty('home');
  });

  it('is drift that an apply takes back', () => {
    const { drifts } = driftOf(cluster, away(cluster));
    expect(drifts).toMatchObject([{ subject: 'master of the cluster', git: 'redis-01', byApply: true }]);
  });

  it('goes home before the present master restarts, and stays there', () => {
    const changed = desiredCluster({ lines: ['databases 32'] });
    const steps = stepsOf(planOf(changed, away(cluster)));
    expect(steps.flat().filter((step) => step.endsWith('hand-over'))).toEqual(['redis-02 hand-over']);
    const handOver = actionsOf(planOf(changed, away(cluster))).find(({ kind }) => kind === 'hand-over');
    expect(handOver).toMatchObject({ to: { name: 'redis-01' } });
  });

  it('is noted with every hand-over of which it comes back', () => {
    const changed = desiredCluster({ lines: ['databases 32'] });
    const two = { ...changed, nodes: changed.nodes.filter(({ name }) => name !== 'redis-03') };
    const homes = actionsOf(planOf(changed, away(cluster, { masterHome: null })))
      .filter((action) => action.kind === 'hand-over')
      .map(({ to, home }) => `${to.name}, home ${home ?? 'here'}`);
    expect(homes).toEqual(['redis-01, home redis-02', 'redis-02, home here']);
    expect(stepsOf(planOf(two, away(cluster).slice(0, 2))).flat()).toContain('redis-02 hand-over');
  });

  it('goes home after a restart of the temporary master from its own data', () => {
    const restarted = { replicationId: 'd'.repeat(40), replicationId2: HISTORY };
    expect(stepsOf(planOf(cluster, away(cluster, { masterHome: NOTE }, restarted)))).toEqual(HOME);
  });

  it('stays with a word where the temporary master lost the history: the plan says what moves it', () => {
    const plan = planOf(cluster, away(cluster, { masterHome: { ...NOTE, replicationId: 'f'.repeat(40) } }));
    expect(actionsOf(plan)).toEqual([]);
    expect(plan.risks).toMatchObject([{ code: 'ROLE_AWAY', node: 'redis-02' }]);
    expect(plan.risks[0]?.message).toContain('`redisops failover redis-01` moves it back.');
  });

  it.each<[string, Partial<DesiredCluster>, Seen['host'], Seen['redis']]>([
    ['another promotion came after it', {}, { masterHome: { ...NOTE, replicationId: 'f'.repeat(40) } }, {}],
    ['nothing is noted', {}, { masterHome: null }, {}],
    ['the noted node is not in the inventory', {}, { masterHome: { ...NOTE, node: 'redis-09' } }, {}],
    ['the note names the present master', {}, { masterHome: { ...NOTE, node: 'redis-02' } }, {}],
    ['Git nominates the present master', { nominatedMaster: 'redis-02' }, { masterHome: NOTE }, {}],
    ['roles stay where they went', { policy: { ...cluster.policy, handBack: false } }, { masterHome: NOTE }, {}],
    ['Sentinel decides', {}, { masterHome: NOTE }, { watchedBySentinel: true }],
  ])('stays where %s', (_, change, note, redis) => {
    const desired = { ...cluster, ...change };
    const handOvers = actionsOf(planOf(desired, away(desired, note, redis))).filter(({ kind }) => kind === 'hand-over');
    expect(handOvers).toEqual([]);
  });
});
