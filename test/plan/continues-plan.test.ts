import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/domain/action.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { continuesPlan } from '../../src/plan/continues-plan.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { bareFacts, desiredCluster, healthy, unreachable } from '../builders.ts';
import { planOf } from './look.ts';
import { afterPlan } from './simulate.ts';

const desired = desiredCluster({ lines: ['maxmemory 256mb', 'timeout 10'] });
const before = healthy(desiredCluster());
const approved = planOf(desired, before);

function upTo(plan: Plan, steps: number): Plan {
  const actions = plan.waves.flatMap((wave) => wave.actions).slice(0, steps);
  return { ...plan, waves: [{ actions }] };
}

describe('continuesPlan', () => {
  it.each([0, 1, 2, 3, 4, 5, 6])('continues after %i steps of a change', (steps) => {
    const seen = afterPlan(upTo(approved, steps), desired, before);
    expect(continuesPlan(approved, planOf(desired, seen))).toBe(true);
  });

  it('continues after any number of steps of a first rollout', () => {
    const bare = desired.nodes.map(bareFacts);
    const rollout = planOf(desired, bare);
    const steps = rollout.waves.flatMap(({ actions }) => actions).length;
    expect(steps).toBeGreaterThan(20);
    for (let done = 0; done <= steps; done += 1) {
      const current = planOf(desired, afterPlan(upTo(rollout, done), desired, bare));
      // A Redis that was started holds nothing and follows whom its file names.
      expect([done, continuesPlan(rollout, current)]).toEqual([done, true]);
    }
  });

  it('continues if only some of the directives still differ', () => {
    const seen = before.map((facts) => {
      if (facts.redis.state !== 'up') return facts;
      return {
        ...facts,
        redis: { ...facts.redis, configuration: new Map([...facts.redis.configuration, ['timeout', '10']]) },
      };
    });
    const current = planOf(desired, seen);
    expect(current.digest).not.toBe(approved.digest);
    expect(continuesPlan(approved, current)).toBe(true);
  });

  it.each<readonly [string, Plan]>([
    ['another goal', makePlan({ kind: 'resync', node: 'redis-02' }, desired, before)],
    ['another cluster', planOf({ ...desired, cluster: 'other' }, before)],
    ['another revision', planOf({ ...desired, revision: 'other' }, before)],
    ['another value', planOf(desiredCluster({ lines: ['maxmemory 512mb', 'timeout 10'] }), before)],
    ['another directive', planOf(desiredCluster({ lines: ['maxmemory 256mb', 'hz 20'] }), before)],
    [
      'a restart',
      planOf(desired, healthy(desiredCluster(), { 'redis-02': { host: { dataDirectoryWritable: false } } })),
    ],
    ['a blocker', planOf(desired, [...before.slice(0, 2), ...desired.nodes.slice(2).map(unreachable)])],
  ])('does not go on with %s', (_name, current) => {
    expect(continuesPlan(approved, current)).toBe(false);
  });

  it('does not go on with another role', () => {
    const other = (action: Action): Action =>
      action.kind === 'write-file' ? { ...action, replicaof: { host: '10.9.9.9', port: 6379 } } : action;
    const current = { ...approved, waves: approved.waves.map(({ actions }) => ({ actions: actions.map(other) })) };
    expect(continuesPlan(approved, current)).toBe(false);
  });
});
