import { describe, expect, it } from 'vitest';
import type { DesiredCluster } from '../../../src/domain/desired.ts';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import type { DrainGoal } from '../../../src/domain/goal.ts';
import type { Drained } from '../../../src/domain/maintenance/drained.ts';
import { actionsOf } from '../../../src/domain/plan.ts';
import { adopted } from '../../../src/plan/adopt/adopt.ts';
import { clusterDrained } from '../../../src/plan/drain/drain.ts';
import { driftOf } from '../../../src/plan/drift/drift.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { desiredCluster, healthy } from '../../builders.ts';

const cluster = desiredCluster();
const AT = '2025-12-03T14:05:00.000Z';
const drain = (node: string): DrainGoal => ({ kind: 'drain', node, at: AT, by: 'anna' });
const NOTE: Drained = { at: AT, by: 'anna', line: null, running: '100' };

function kinds(goal: Parameters<typeof makePlan>[0], desired: DesiredCluster, observed: readonly NodeFacts[]) {
  const plan = makePlan(goal, desired, observed);
  expect(plan.blockers).toEqual([]);
  return plan.waves.map(({ actions }) => actions.map(({ node, kind }) => `${node} ${kind}`));
}

/** As the first wave of a drain leaves the node. */
function drainedOn(name: string, observed = healthy(cluster)): readonly NodeFacts[] {
  const [node] = clusterDrained(drain(name), cluster, observed).nodes.filter((each) => each.name === name);
  return observed.map((facts) => {
    if (facts.name !== name || !facts.reachable || facts.redis.state !== 'up' || !node) return facts;
    const file = facts.host.files.get(node.redisConf.path);
    if (!file?.exists) return facts;
    const content = node.redisConf.content.withRole(
      facts.redis.master ? { host: facts.redis.master.host, port: facts.redis.master.port } : null,
    );
    const files = new Map(facts.host.files).set(node.redisConf.path, { ...file, content, sha256: 'drained' });
    const configuration = new Map(facts.redis.configuration).set('replica-priority', '0');
    return { ...facts, host: { ...facts.host, files, drained: NOTE }, redis: { ...facts.redis, configuration } };
  });
}

describe('a drain', () => {
  it('of a replica needs no approval, and moves no role', () => {
    const plan = makePlan(drain('redis-03'), cluster, healthy(cluster));
    expect(actionsOf(plan).map(({ kind, disruptive }) => [kind, disruptive])).toEqual([
      ['note-drained', false],
      ['write-file', false],
      ['config-set', false],
    ]);
  });

  it('of the master makes it unelectable first, then moves its role', () => {
    const [first, second] = kinds(drain('redis-01'), cluster, healthy(cluster));
    expect(first).toEqual(['redis-01 note-drained', 'redis-01 write-file', 'redis-01 config-set']);
    expect(second).toEqual(['redis-01 hand-over']);
  });

  it('has nothing to do where it is done', () => {
    const observed = drainedOn('redis-03');
    expect(kinds(drain('redis-03'), adopted(cluster, observed), observed)).toEqual([]);
  });

  it('is no drift, and no apply ends it', () => {
    const observed = drainedOn('redis-03');
    const desired = adopted(cluster, observed);
    expect(driftOf(desired, observed).drifts).toEqual([]);
    expect(kinds({ kind: 'converge' }, desired, observed)).toEqual([]);
    expect(driftOf(cluster, observed).drifts).not.toEqual([]);
  });

  it('keeps the node from taking a role, and says since when', () => {
    const observed = drainedOn('redis-02');
    const desired = adopted(cluster, observed);
    const { candidates, waves } = makePlan({ kind: 'failover', mode: 'planned' }, desired, observed);
    expect(candidates?.find(({ node }) => node === 'redis-02')?.reasons).toContain(
      'is drained since 2025-12-03 14:05 UTC by anna',
    );
    expect(waves[0]?.actions).toMatchObject([{ kind: 'hand-over', to: { name: 'redis-03' } }]);
  });

  it('warns where nobody could take over', () => {
    const observed = drainedOn('redis-02');
    const { risks } = makePlan(drain('redis-03'), adopted(cluster, observed), observed);
    expect(risks.map(({ message }) => message)).toContain(
      'Until `undrain redis-03`, no node can take over from the master.',
    );
  });

  it('is refused for a host that cannot be read', () => {
    const observed = healthy(cluster).map((facts): NodeFacts => {
      if (facts.name !== 'redis-03') return facts;
      const { name, address, redisPort, asked } = facts;
      const unread = { reachable: false, code: 'SSH_TIMEOUT', reason: 'silent', hint: null } as const;
      return { name, address, redisPort, asked, ...unread };
    });
    expect(makePlan(drain('redis-03'), cluster, observed).blockers).toMatchObject([{ code: 'SSH_TIMEOUT' }]);
    expect(makePlan(drain('redis-02'), cluster, observed).blockers).toEqual([]);
  });

  it('ends with what was there before, and the note last', () => {
    const observed = drainedOn('redis-03');
    const plan = makePlan({ kind: 'undrain', node: 'redis-03' }, adopted(cluster, observed), observed);
    expect(actionsOf(plan).map(({ kind }) => kind)).toEqual(['write-file', 'config-set', 'note-drained']);
    expect(actionsOf(plan)[1]).toMatchObject({ changes: [{ directive: 'replica-priority', from: '0', to: '100' }] });
    expect(kinds({ kind: 'undrain', node: 'redis-02' }, cluster, healthy(cluster))).toEqual([]);
  });
});
