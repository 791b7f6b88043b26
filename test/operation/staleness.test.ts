import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/domain/plan.ts';
import { disturbsNoMore, planAgain, previousMasterOf, staleness } from '../../src/operation/staleness.ts';
import { desiredCluster, healthy, masterFacts, replicaFacts, unreachable, one, two, three } from '../builders.ts';
import { planOf } from '../plan/look.ts';
import { afterPlan } from '../plan/simulate.ts';

const desired = desiredCluster({ lines: ['maxmemory 256mb', 'hz 20'] });
const before = healthy(desiredCluster());
const approved = planOf(desired, before);
const rest = planOf(desired, afterPlan({ ...approved, waves: approved.waves.slice(0, 1) }, desired, before));
const other = planOf(desiredCluster({ lines: ['maxmemory 512mb'] }), before);
const blocked = planOf(desired, [...before.slice(0, 2), ...desired.nodes.slice(2).map(unreachable)]);

/** redis-02 stands alone with keys of its own, and is to give them up. */
function givingUp(keys: number): Plan {
  const own = { replicationId: 'f'.repeat(40), keys, keyspace: new Map([[0, keys]]) };
  return planOf(desiredCluster(), [masterFacts(one), masterFacts(two, { redis: own }), replicaFacts(three)]);
}

describe('an approval', () => {
  const restarting = desiredCluster({ lines: ['databases 32'] });
  const all = planOf(restarting, before);
  const left = planOf(restarting, afterPlan({ ...all, waves: all.waves.slice(0, 1) }, restarting, before));
  const away = { ...desired.policy, handBack: false as const };

  it.each<readonly [string, Plan, Plan, boolean]>([
    ['its own plan', all, all, true],
    ['what is left of it', all, left, true],
    ['more than it', left, all, false],
    ['what disturbs nobody, whatever it is', planOf({ ...restarting, policy: away }, before), approved, true],
  ])('covers %s', (_, given, current, covered) => {
    expect(disturbsNoMore(given, { ...current, goal: given.goal, revision: given.revision })).toBe(covered);
  });

  it('covers nothing of another commit', () => {
    expect(disturbsNoMore(all, { ...all, revision: 'another' })).toBe(false);
  });
});

describe('staleness', () => {
  it.each<readonly [string, Plan, Plan, boolean, string | null]>([
    ['the same plan', approved, approved, false, null],
    ['another plan', approved, other, false, 'STALE_PLAN'],
    ['what is left, of a run that had not begun', approved, rest, false, 'STALE_PLAN'],
    ['what is left, of a run that had', approved, rest, true, null],
    ['another plan, of a run that had begun', approved, other, true, 'STALE_PLAN'],
    ['a node that cannot be reached any more', approved, blocked, true, 'SSH_TIMEOUT'],
    ['fewer keys to give up', givingUp(12), givingUp(11), false, null],
    ['more keys to give up', givingUp(12), givingUp(13), false, 'STALE_PLAN'],
  ])('%s', (_case, plan, current, begun, code) => {
    expect(staleness(plan, current, begun)?.code ?? null).toBe(code);
  });

  it('says that nothing was changed only if that is true', () => {
    expect(staleness(approved, other, false)?.hint).toContain('No changes were made.');
    expect(staleness(approved, other, true)?.hint).not.toContain('No changes were made.');
  });
});

describe('planAgain', () => {
  it('gives the approved plan if nothing changed', () => {
    expect(planAgain(approved, desired, before, []).digest).toBe(approved.digest);
  });

  it('waits for a resynchronization that had begun', () => {
    const resync = planAgain({ ...approved, goal: { kind: 'resync', node: 'redis-02' } }, desired, before, []);
    expect(resync.waves.flatMap(({ actions }) => actions.map(({ kind }) => kind))).toEqual(['resync']);
    const began = { at: '2026-01-01T00:00:00.000Z', step: 1, node: 'redis-02', action: 'resync' };
    const journal = [
      { ...began, state: 'began' as const },
      { ...began, state: 'ended' as const },
    ];
    const again = planAgain(resync, desired, before, journal);
    expect(again.waves.flatMap(({ actions }) => actions.map(({ kind }) => kind))).not.toContain('resync');
  });
});

describe('previousMaster', () => {
  it('is the master whose role the plan moves; otherwise null', () => {
    const restart = healthy(desiredCluster(), { 'redis-01': { host: { dataDirectoryWritable: false } } });
    const moves = planOf(desiredCluster({ lines: ['databases 32'] }), restart);
    expect(previousMasterOf(moves)).toBe('redis-01');
    expect(previousMasterOf(approved)).toBeNull();
  });
});
