import { describe, expect, it } from 'vitest';
import type { Goal } from '../../src/domain/goal.ts';
import type { Writes } from '../../src/domain/run/failover-figures.ts';
import type { End } from '../../src/operation/run-end.ts';
import { withDrill } from '../../src/operation/said-of-goal.ts';
import { desiredCluster, healthy } from '../builders.ts';
import { plan } from '../report/fixtures.ts';

const DRILL: Goal = { kind: 'drill', scenario: 'planned' };
const BEFORE = healthy(desiredCluster(), {
  'redis-01': { redis: { syncs: { full: 5, partialOk: 7, partialErr: 0 } } },
  'redis-02': { redis: { processId: 98, syncs: { full: 9, partialOk: 9, partialErr: 0 } } },
});
const AFTER = healthy(desiredCluster(), {
  'redis-01': { redis: { syncs: { full: 5, partialOk: 9, partialErr: 0 } } },
  // Restarted: it counts from zero.
  'redis-02': { redis: { processId: 99, syncs: { full: 1, partialOk: 0, partialErr: 0 } } },
});

function ended(outcome: End['outcome'], writes: Writes | null): End {
  const failover = { from: 'redis-01', to: 'redis-02', writesHeldBackMs: 12, writes };
  const code = outcome === 'done' ? ('DONE' as const) : ('STEP_FAILED' as const);
  return { outcome, code, message: 'As it ended.', hint: null, plan: null, verification: null, recap: null, failover };
}

describe('what a drill showed', () => {
  it.each([
    [
      'passed',
      ended('done', { acknowledged: 100, lost: 0 }),
      {
        outcome: 'done',
        code: 'DONE',
        message: 'The drill passed: the role went and came back, and no acknowledged write was lost. As it ended.',
      },
    ],
    [
      'moved the role unmeasured',
      ended('done', null),
      {
        outcome: 'done',
        code: 'DONE',
        message:
          'The drill passed: the role went and came back. Whether writes were lost was not measured. As it ended.',
      },
    ],
    [
      'lost writes',
      ended('done', { acknowledged: 100, lost: 3 }),
      { outcome: 'failed', code: 'VERIFY_FAILED', message: 'The drill lost 3 acknowledged writes.' },
    ],
    [
      'failed and lost a write',
      ended('failed', { acknowledged: 100, lost: 1 }),
      { outcome: 'failed', code: 'VERIFY_FAILED', message: 'The drill lost 1 acknowledged write.' },
    ],
    [
      'failed',
      ended('failed', { acknowledged: 100, lost: 0 }),
      { outcome: 'failed', code: 'STEP_FAILED', message: 'As it ended.' },
    ],
  ])('is said of one that %s', (_, end, expected) => {
    const told = withDrill(end, plan({ goal: DRILL }), BEFORE, AFTER);
    expect(told).toMatchObject({ ...expected, drill: { syncs: { full: 1, partial: 2 } } });
    expect(told.drill?.nodes.map(({ name }) => name)).toEqual(['redis-01', 'redis-02', 'redis-03']);
  });

  it('is nothing of one that was refused, nor of another run', () => {
    const refused = ended('refused', null);
    expect(withDrill(refused, plan({ goal: DRILL }), BEFORE, AFTER)).toBe(refused);
    const lost = ended('done', { acknowledged: 100, lost: 3 });
    expect(withDrill(lost, plan({ goal: { kind: 'converge' } }), BEFORE, AFTER)).toBe(lost);
  });
});
