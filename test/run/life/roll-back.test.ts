import { describe, expect, it } from 'vitest';
import type { RunRecord, RunResult } from '../../../src/domain/run/run.ts';
import { rollBackByItself } from '../../../src/run/life/roll-back.ts';
import { portsOf, type Given } from '../../ports.ts';
import { record, result } from '../../report/fixtures.ts';

const [BAD, GOOD] = ['b'.repeat(40), 'a'.repeat(40)];
const POLICY = ['rollback: true'];

interface Case {
  given?: Given;
  run?: Partial<RunRecord>;
  end?: Partial<RunResult>;
  earlier?: Partial<RunRecord> | null;
}

async function rolledBack({ given = { policy: POLICY }, run, end, earlier = {} }: Case) {
  const ports = portsOf(given);
  const failed = record({ run: 'merge-redis-bbbbbbbbbbbb', revision: BAD, status: 'running', ...run });
  ports.outside.runs.set(failed.run, failed);
  if (earlier) ports.outside.runs.set('earlier', record({ run: 'earlier', revision: GOOD, ...earlier }));
  const told = await rollBackByItself(failed, result({ outcome: 'failed', code: 'VERIFY_FAILED', ...end }), ports);
  const again = await rollBackByItself(failed, result({ outcome: 'failed', code: 'VERIFY_FAILED', ...end }), ports);
  expect(again).toBe(told);
  return { told, ...ports.outside };
}

describe('a merge that is not healthy afterwards', () => {
  it('is rolled back once if redisops.yml says so', async () => {
    const { told, runs, jobs, audited } = await rolledBack({});
    expect(told).toBe('Run rollback-merge-redis-bbbbbbbbbbbb rolls back to aaaaaaaaaaaa, as redisops.yml asks.');
    expect(runs.get('rollback-merge-redis-bbbbbbbbbbbb')).toMatchObject({
      goal: { kind: 'rollback', revision: GOOD },
      revision: GOOD,
      status: 'queued',
      origin: { from: 'redisops' },
    });
    expect(jobs).toMatchObject([
      { name: 'propose', data: { run: 'rollback-merge-redis-bbbbbbbbbbbb', cluster: 'redis' } },
    ]);
    expect(audited).toMatchObject([{ what: 'roll back to aaaaaaaaaaaa', outcome: 'queued' }]);
  });

  it.each<[string, Case]>([
    ['redisops.yml does not ask for it', { given: {} }],
    ['somebody asked for it by hand', { run: { origin: { from: 'slack', actor: 'U0ANNA' } } }],
    ['a step failed, and its node was put back', { end: { code: 'STEP_FAILED' } }],
    ['it was a rollback itself', { run: { goal: { kind: 'rollback', revision: GOOD } } }],
  ])('is left where %s', async (_, given) => {
    const { told, jobs } = await rolledBack(given);
    expect(told).toBeNull();
    expect(jobs).toEqual([]);
  });

  it.each<[string, Case, RegExp]>([
    ['there was nothing before', { earlier: null }, /no earlier commit/],
    ['nothing before was healthy', { earlier: { status: 'failed', code: 'VERIFY_FAILED' } }, /no earlier commit/],
    ['redisops.yml cannot be read', { given: { policy: ['rolback: true'] } }, /Rollback failed: CONFIG_INVALID/],
  ])('is left, and that is said, where %s', async (_, given, said) => {
    const { told, jobs } = await rolledBack(given);
    expect(told).toMatch(said);
    expect(jobs).toEqual([]);
  });
});
