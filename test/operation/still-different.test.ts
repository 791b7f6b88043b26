import { describe, expect, it } from 'vitest';
import type { Goal } from '../../src/domain/goal.ts';
import type { End } from '../../src/operation/run-end.ts';
import { withDifference } from '../../src/operation/still-different.ts';
import { desiredCluster, desiredNode, healthy, unit, unreachable } from '../builders.ts';

const desired = desiredCluster();
const AS_GIT = healthy(desired);
/** By hand, or by the unit’s command line: what Redis runs with is not what Git asks. */
const OTHERWISE = healthy(desired, { 'redis-02': { redis: { configuration: new Map([['maxmemory', '1024']]) } } });
const CONVERGE: Goal = { kind: 'converge' };

function ended(outcome: End['outcome'] = 'done'): End {
  return { outcome, code: 'DONE', message: 'Done.', hint: null, plan: null, verification: null, recap: null };
}

describe('a run that is done', () => {
  it('stays done if the next plan is empty', () => {
    expect(withDifference(ended(), CONVERGE, desired, AS_GIT)).toEqual(ended());
  });

  it.each<Goal>([CONVERGE, { kind: 'rollback', revision: 'c0ffee' }])('fails where it is not: $kind', (goal) => {
    const end = withDifference(ended(), goal, desired, OTHERWISE);
    expect(end).toMatchObject({ outcome: 'failed', code: 'STILL_DIFFERENT' });
    expect(end.message).toContain('redis-02: Set maxmemory 1024 → 0');
    expect(end.hint).toContain('command line');
  });

  it('names three of the steps that remain, and counts the others', () => {
    const changed = {
      redis: { configuration: new Map([['timeout', '1']]) },
      host: { unit: unit({ needDaemonReload: true }) },
    };
    const seen = healthy(desired, { 'redis-01': changed, 'redis-02': changed, 'redis-03': changed });
    const { message } = withDifference(ended(), CONVERGE, desired, seen);
    expect(message.split('; ')).toHaveLength(4);
    expect(message).toMatch(/; and 3 more\.$/);
  });

  it('fails where the next plan is blocked, with what blocks it', () => {
    const user = { name: 'app', rules: 'on ~* +@all' };
    const seen = healthy(desired, { 'redis-02': { redis: { failoverInProgress: true, aclUsers: [user] } } });
    const end = withDifference(ended(), CONVERGE, desired, seen);
    expect(end).toMatchObject({
      outcome: 'failed',
      code: 'STILL_DIFFERENT',
      message: 'Every step succeeded, but the next plan is blocked: redis-02 is in a failover.',
      hint: 'Wait until it ends, then ask again.',
    });
  });

  it('stays done if a node was lost since: verification has read it', () => {
    const seen = AS_GIT.map((facts) => (facts.name === 'redis-02' ? unreachable(desiredNode('redis-02')) : facts));
    expect(withDifference(ended(), CONVERGE, desired, seen)).toEqual(ended());
  });
});

describe('other runs', () => {
  it.each<[string, Goal, End]>([
    ['one that failed keeps its own reason', CONVERGE, ended('failed')],
    ['a resynchronization says nothing about Git', { kind: 'resync', node: 'redis-02' }, ended()],
    ['nor does a purge', { kind: 'purge' }, ended()],
  ])('%s', (_, goal, end) => {
    expect(withDifference(end, goal, desired, OTHERWISE)).toEqual(end);
  });
});
