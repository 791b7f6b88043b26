import { describe, expect, it } from 'vitest';
import { CODES, type Code } from '../../../src/domain/code.ts';
import { asRedisopsError, ConfigInvalid, RedisopsError } from '../../../src/domain/error.ts';
import { describeGoal } from '../../../src/domain/goal.ts';
import { newRun } from '../../../src/domain/run/new-run.ts';
import { endedEarly, isFinal, type RunStatus } from '../../../src/domain/run/run.ts';
import { worst } from '../../../src/domain/verdict.ts';
import { desiredCluster, healthy } from '../../builders.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';

const ASKED = { cluster: 'redis', goal: { kind: 'converge' }, origin: { from: 'cli', actor: 'ada' } } as const;
const RUN = newRun(
  { ...ASKED, run: 'r-20251203-abc', revision: 'asked', status: 'running' },
  new Date('2025-12-03T10:00:00Z'),
);

describe('endedEarly', () => {
  it.each<readonly [Code, string]>([
    ['STALE_PLAN', 'refused'],
    ['MASTER_DOWN', 'refused'],
    ['UNKNOWN_NODE', 'refused'],
    ['CONFIG_INVALID', 'failed'],
    ['INTERNAL', 'failed'],
    ['SSH_TIMEOUT', 'failed'],
  ])('%s is %s', (code, outcome) => {
    const error = new RedisopsError(code, 'why', { hint: 'what now' });
    expect(endedEarly(RUN, error, null)).toEqual({
      run: RUN.run,
      cluster: 'redis',
      goal: RUN.goal,
      revision: 'asked',
      outcome,
      code,
      message: 'why',
      hint: 'what now',
      plan: null,
      nodes: [],
      verification: null,
      durationMs: 0,
    });
  });

  it('has the plan’s revision if there is a plan', () => {
    const plan = makePlan({ kind: 'converge' }, desiredCluster(), healthy(desiredCluster()));
    const error = new RedisopsError('STALE_PLAN', 'why', { hint: '' });
    expect(endedEarly(RUN, error, plan)).toMatchObject({ revision: 'c0ffee', plan });
  });
});

describe('isFinal', () => {
  const FINAL = {
    queued: false,
    planning: false,
    'awaiting-approval': false,
    running: false,
    done: true,
    'nothing-to-do': true,
    refused: true,
    failed: true,
    denied: true,
    expired: true,
  } satisfies Record<RunStatus, boolean>;
  const isStatus = (name: string): name is RunStatus => Object.hasOwn(FINAL, name);

  it.each(Object.keys(FINAL).filter(isStatus))('%s', (status) => {
    expect(isFinal(status)).toBe(FINAL[status]);
  });
});

describe('worst', () => {
  it.each([
    [[], 'healthy'],
    [['healthy', 'degraded'], 'degraded'],
    [['down', 'degraded'], 'down'],
    [['down', 'unknown', 'healthy'], 'unknown'],
  ] as const)('%j', (verdicts, verdict) => {
    expect(worst(verdicts)).toBe(verdict);
  });
});

describe('asRedisopsError', () => {
  it('leaves a known error unchanged', () => {
    const error = new ConfigInvalid([{ file: 'a.yml', line: 2, column: 3, message: 'is wrong' }]);
    expect(asRedisopsError(error)).toBe(error);
    expect(error.message).toBe('a.yml:2:3: is wrong');
    expect(error.code).toBe('CONFIG_INVALID');
  });

  it.each<readonly [unknown, string]>([
    [new TypeError('x is not a function'), 'x is not a function'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
  ])('takes %s for a fault of its own', (thrown, message) => {
    const error = asRedisopsError(thrown);
    expect([error.code, error.message, error.cause]).toEqual(['INTERNAL', message, thrown]);
  });
});

describe('codes', () => {
  it.each(Object.entries(CODES))('%s has a meaning in a sentence', (code, { meaning }) => {
    expect(code).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/);
    expect(meaning).toMatch(/^\S.*\.$/);
  });

  it('describes goals', () => {
    expect(describeGoal({ kind: 'converge' })).toBe('converge to Git');
    expect(describeGoal({ kind: 'resync', node: 'redis-03' })).toBe('resync redis-03');
  });
});
