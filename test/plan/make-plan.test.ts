import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action, Replicate } from '../../src/domain/action.ts';
import type { NodeFacts, RedisUp } from '../../src/domain/facts.ts';
import { actionsOf, keysGivenUp, type Plan } from '../../src/domain/plan.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { desiredCluster, healthy, PASSWORD } from '../builders.ts';
import { anyScene, changeScene, eitherScene, sceneOf, type Scene } from './arbitrary-cluster.ts';
import { planOf } from './look.ts';
import { afterPlan } from './simulate.ts';

const RUNS = { numRuns: 100 };
/** Milliseconds; two cores may be busy with other tests. */
const LONG = 30_000;

function redisOf(name: string, seen: readonly NodeFacts[]): RedisUp | null {
  const facts = seen.find((each) => each.name === name);
  return facts?.reachable && facts.redis.state === 'up' ? facts.redis : null;
}

/** Why a step could lose data; null where it cannot. Told by other words than the planner’s. */
function loss(action: Action, plan: Plan, { seen, desired }: Scene): string | null {
  const before = redisOf(action.node, seen);
  const keys = before?.keys ?? 0;
  const masterName = desired.nodes.find(({ name }) => plan.topology.master === name)?.name;
  const master = masterName === undefined ? null : redisOf(masterName, seen);
  const known = master !== null && [master.replicationId, master.replicationId2].includes(before?.replicationId ?? '');
  switch (action.kind) {
    case 'restart-unit':
      if (keys === 0) return null;
      if (before?.role === 'master')
        return isHandedOver(action.node, plan) || action.data?.kept ? null : 'a master with keys is restarted';
      return before?.master?.up === true || known || (master?.keys ?? 0) >= keys ? null : 'the only copy is restarted';
    case 'replicate':
      if (keys === 0 || isBackedUp(action, keys, plan)) return null;
      return known && !(before?.role === 'master' && before.replicationId !== master.replicationId)
        ? null
        : 'keys of its own are dropped';
    case 'stop-stray-process':
      return before?.processId === action.pid && before.role === 'master' && keys > 0
        ? 'a stray master is ended'
        : null;
    case 'start-unit': {
      const written = actionsOf(plan).find((each) => {
        return each.kind === 'write-file' && each.file === 'redis.conf' && each.node === action.node;
      });
      const isMaster = written?.kind === 'write-file' && written.replicaof === null;
      const holders = seen.filter(({ name }) => {
        const other = redisOf(name, seen);
        return other?.role === 'replica' && other.keys > 0;
      });
      return isMaster && desired.replication && holders.length > 0
        ? 'an empty master is started for full replicas'
        : null;
    }
    case 'promote':
      return 'only a person promotes';
    case 'hand-over': {
      const candidate = redisOf(action.to.name, seen);
      // Back to where it was: that one was restarted as a replica and waited for.
      if (action.to.name === plan.topology.master) return null;
      return candidate?.master?.up === true && candidate.replicationId === before?.replicationId
        ? null
        : 'the candidate has other data';
    }
    case 'back-up':
    case 'install-package':
    case 'reset-failed':
    case 'make-directory':
    case 'write-file':
    case 'daemon-reload':
    case 'enable-unit':
    case 'config-set':
    case 'await-link':
    case 'resync':
    case 'move-aside':
    case 'delete-aside':
    case 'set-up-sentinel':
    case 'sentinel-set':
    case 'forget-master':
    case 'watch-master':
    case 'reset-sentinel':
    case 'await-sentinels':
    case 'stop-sentinel':
    case 'pause-failover':
    case 'resume-failover':
    case 'note-drained':
      return null;
  }
}

/** Copied before, with an approval that names what goes; and Git says who the master is. */
function isBackedUp(action: Replicate, keys: number, plan: Plan): boolean {
  const actions = actionsOf(plan);
  const backup = actions.findIndex((each) => each.kind === 'back-up' && each.node === action.node);
  return backup !== -1 && backup < actions.indexOf(action) && action.disruptive && action.drops === keys;
}

/** The restart comes after the role went, and before it comes back. */
function isHandedOver(node: string, plan: Plan): boolean {
  const actions = actionsOf(plan);
  const restart = actions.findIndex((each) => each.kind === 'restart-unit' && each.node === node);
  const away = actions.findIndex((each) => each.kind === 'hand-over' && each.node === node);
  const back = actions.findIndex((each) => each.kind === 'hand-over' && each.to.name === node);
  const file = actions.findIndex(
    (each) => each.kind === 'write-file' && each.node === node && each.file === 'redis.conf' && each.replicaof !== null,
  );
  return away !== -1 && away < file && file < restart && (back === -1 || restart < back);
}

describe('makePlan', { timeout: LONG }, () => {
  it('loses no data unless it is blocked', () => {
    fc.assert(
      fc.property(eitherScene, (recipe) => {
        const scene = sceneOf(recipe);
        const plan = planOf(scene.desired, scene.seen);
        if (plan.blockers.length > 0) return;
        expect(actionsOf(plan).flatMap((action) => loss(action, plan, scene) ?? [])).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it('never disturbs two nodes at once', () => {
    fc.assert(
      fc.property(eitherScene, (recipe) => {
        const { desired, seen } = sceneOf(recipe);
        for (const { actions } of planOf(desired, seen).waves) {
          const disturbed = new Set(actions.filter(({ disruptive }) => disruptive).map(({ node }) => node));
          expect(disturbed.size).toBeLessThan(2);
        }
      }),
      RUNS,
    );
  });

  it('is the same for the same facts, in any order', () => {
    fc.assert(
      fc.property(eitherScene, fc.nat({ max: 5 }), (recipe, turn) => {
        const { desired, seen } = sceneOf(recipe);
        const turned = [...seen.slice(turn % 3), ...seen.slice(0, turn % 3)];
        const shuffled = turn > 2 ? turned.toReversed() : turned;
        expect(planOf(desired, shuffled)).toEqual(planOf(desired, seen));
      }),
      RUNS,
    );
  });

  it('plans nothing on a node that cannot be read', () => {
    fc.assert(
      fc.property(anyScene, (recipe) => {
        const { desired, seen } = sceneOf(recipe);
        const unread = seen.filter((facts) => !facts.reachable || facts.redis.state === 'unreadable');
        const plan = planOf(desired, seen);
        const touched = new Set(actionsOf(plan).map(({ node }) => node));
        expect(unread.filter(({ name }) => touched.has(name))).toEqual([]);
        expect(unread.length === 0 || plan.blockers.length > 0).toBe(true);
      }),
      RUNS,
    );
  });

  it('leaves nothing to do once applied', () => {
    fc.assert(
      fc.property(eitherScene, (recipe) => {
        const { desired, seen } = sceneOf(recipe);
        const plan = planOf(desired, seen);
        if (plan.blockers.length > 0) return;
        const then = planOf(desired, afterPlan(plan, desired, seen));
        expect(then.blockers).toEqual([]);
        expect(then.waves).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it('carries out most changes of a cluster that works', () => {
    const plans = fc.sample(changeScene, 100).map((recipe) => {
      const { desired, seen } = sceneOf(recipe);
      return planOf(desired, seen);
    });
    expect(plans.filter(({ blockers }) => blockers.length === 0).length).toBeGreaterThan(30);
  });

  it('shows no secret', () => {
    fc.assert(
      fc.property(eitherScene, (recipe) => {
        const { desired, seen } = sceneOf(recipe);
        expect(JSON.stringify(planOf(desired, seen))).not.toContain(PASSWORD);
      }),
      RUNS,
    );
  });

  it('does not change its digest with figures that move', () => {
    fc.assert(
      fc.property(eitherScene, fc.nat({ max: 500 }), (recipe, more) => {
        const { desired, seen } = sceneOf(recipe);
        // How much goes is what is approved.
        fc.pre(keysGivenUp(planOf(desired, seen)) === 0);
        const later = seen.map((facts): NodeFacts => {
          if (!facts.reachable || facts.redis.state !== 'up') return facts;
          const { redis, host } = facts;
          const moved = {
            keys: redis.keys === 0 ? 0 : redis.keys * 2 + more,
            offset: redis.offset + more,
            usedMemoryBytes: redis.usedMemoryBytes + more,
          };
          return { ...facts, redis: { ...redis, ...moved }, host: { ...host, freeBytes: host.freeBytes - more } };
        });
        expect(planOf(desired, later).digest).toBe(planOf(desired, seen).digest);
      }),
      RUNS,
    );
  });

  it('changes its digest with every action and role', () => {
    const desired = desiredCluster();
    const seen = healthy(desired);
    const plans = [
      planOf(desired, seen),
      planOf(desiredCluster({ lines: ['timeout 10'] }), seen),
      planOf(desiredCluster({ lines: ['timeout 11'] }), seen),
      planOf(desiredCluster({ change: { revision: 'another' } }), seen),
      planOf(desiredCluster({ change: { cluster: 'another' } }), seen),
      planOf(desired, healthy(desired, { 'redis-02': { redis: { runId: 'f'.repeat(40) } } })),
      planOf(desired, healthy(desired, { 'redis-02': { redis: { role: 'master', keys: 0 } } })),
      planOf(desired, seen.slice(0, 2)),
      makePlan({ kind: 'resync', node: 'redis-02' }, desired, seen),
      makePlan({ kind: 'resync', node: 'redis-03' }, desired, seen),
    ];
    expect(new Set(plans.map(({ digest }) => digest)).size).toBe(plans.length);
    expect(plans.every(({ digest }) => /^[0-9a-f]{64}$/.test(digest))).toBe(true);
  });
});
