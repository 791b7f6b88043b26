import { describe, expect, it } from 'vitest';
import type { Code } from '../../src/domain/code.ts';
import { planOf } from '../apply/fake-nodes.ts';
import { RedisopsError } from '../../src/domain/error.ts';
import type { PutBack } from '../../src/domain/run/run.ts';
import { lostHold, verifiedEnd, withLoss, withOriginals, type End } from '../../src/operation/run-end.ts';

const LOSS = 'redis-01 held 500 keys before the run, and holds none.';

const VERIFICATION = { master: 'redis-01', key: null, acknowledged: 2, expected: 2, replicas: [] };

function ended(outcome: End['outcome'], code: Code): End {
  return { outcome, code, message: 'How it went.', hint: null, plan: null, verification: null, recap: null };
}

describe('data that went in a run', () => {
  it.each<[End['outcome'], Code, Code]>([
    ['done', 'DONE', 'VERIFY_FAILED'],
    ['failed', 'COMMAND_FAILED', 'COMMAND_FAILED'],
    // Such a run goes on later, and would not know of it any more.
    ['failed', 'QUEUE_FAILED', 'VERIFY_FAILED'],
    ['failed', 'HOLD_LOST', 'VERIFY_FAILED'],
  ])('is told, and ends the run for good: %s %s', (outcome, code, expected) => {
    const end = withLoss(ended(outcome, code), LOSS);
    expect(end).toMatchObject({ outcome: 'failed', code: expected });
    expect(end.message).toContain(LOSS);
  });

  it('is not reported if none was lost', () => {
    expect(withLoss(ended('done', 'DONE'), null)).toEqual(ended('done', 'DONE'));
  });
});

describe('files of someone else that were replaced', () => {
  const adopting = {
    kind: 'write-file',
    node: 'redis-02',
    summary: '',
    reason: '',
    disruptive: false,
    file: 'redis.conf',
    path: '/etc/redis/redis.conf',
    owner: 'redis',
    group: 'redis',
    mode: '640',
    replicaof: null,
    adopts: true,
    replaces: 'x',
    diff: [],
  } as const;
  const plan = planOf([[adopting]]);

  it('are named at the end', () => {
    const { message } = withOriginals(ended('done', 'DONE'), plan);
    expect(message).toBe('How it went. What it replaced is kept on redis-02: /etc/redis/redis.conf.redisops-original.');
  });

  it('are not named if there are none, or the run failed', () => {
    expect(withOriginals(ended('done', 'DONE'), planOf([[]]))).toEqual(ended('done', 'DONE'));
    expect(withOriginals(ended('failed', 'STEP_FAILED'), plan)).toEqual(ended('failed', 'STEP_FAILED'));
  });
});

describe('a step that failed as its node was lost', () => {
  const gone = new RedisopsError('HOLD_LOST', 'redis-03 is no longer held.', { hint: 'Look.' });
  const lost = AbortSignal.abort(gone);

  it.each<[string, Code, PutBack | undefined, Code]>([
    ['with all put back', 'STEP_FAILED', { nodes: ['redis-02'], failure: null }, 'STEP_FAILED'],
    ['with nodes left half done', 'STEP_FAILED', { nodes: [], failure: 'no route' }, 'HOLD_LOST'],
    ['with nothing put back', 'STEP_FAILED', undefined, 'HOLD_LOST'],
    ['after a stop', 'STOPPED', undefined, 'STOPPED'],
  ])('ends the run, or not: %s', (_, code, putBack, expected) => {
    const end = { ...ended('failed', code), putBack };
    const then = lostHold(end, lost);
    expect(then.code).toBe(expected);
    expect(then.message).toBe(expected === 'HOLD_LOST' ? 'How it went. redis-03 is no longer held.' : 'How it went.');
    expect(lostHold(end, new AbortController().signal)).toEqual(end);
  });
});

describe('steps that all ended well', () => {
  const healthy = { verdict: 'healthy', reasons: [] } as const;

  it.each([
    ['a change', false, false, 'done', 'DONE'],
    ['nothing to change', true, false, 'nothing-to-do', 'NOTHING_TO_DO'],
    ['the rest of a run, and nothing left of it', true, true, 'done', 'DONE'],
  ])('%s', (_case, isEmpty, begun, outcome, code) => {
    const verification = { ...VERIFICATION, ...healthy };
    expect(verifiedEnd(verification, { isEmpty, begun })).toMatchObject({ outcome, code, verification });
  });

  it.each([true, false])('fail all the same in a cluster that is not healthy (empty: %s)', (isEmpty) => {
    const reasons = [{ code: 'REPLICA_LINK_DOWN' as const, node: 'redis-02', message: 'redis-02 has no link.' }];
    const end = verifiedEnd({ ...VERIFICATION, verdict: 'degraded', reasons }, { isEmpty, begun: false });
    expect(end).toMatchObject({ outcome: 'failed', code: 'VERIFY_FAILED' });
    expect(end.message).toContain('redis-02 has no link.');
  });
});
