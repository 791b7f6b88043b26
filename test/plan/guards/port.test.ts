import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { desiredCluster, healthy } from '../../builders.ts';

/** A cluster that runs on 6379, while Git asks for this port; nothing answers there. */
function planFor(port: number, activeState = 'active') {
  const running = desiredCluster();
  const observed = healthy(running).map((node) => ({
    ...node,
    host: { ...node.host, unit: { ...node.host.unit, activeState } },
    redis:
      port === 6379
        ? node.redis
        : {
            state: 'unreadable' as const,
            code: 'REDIS_UNREACHABLE' as const,
            reason: `nothing listens on port ${port}`,
          },
  }));
  const nodes = running.nodes.map((node) => ({ ...node, redisPort: port }));
  return makePlan({ kind: 'converge' }, { ...running, nodes }, observed);
}

describe('the port of a running Redis', () => {
  it('cannot be changed: a blocker says so', () => {
    expect(planFor(6380).blockers.slice(0, 1)).toEqual([
      {
        code: 'DIRECTIVE_NOT_LIVE',
        node: 'redis-01',
        message:
          'Redis on redis-01 runs on port 6379, but Git asks for port 6380. The port of a running cluster cannot be changed yet.',
        hint: 'Set redis_port: 6379. No changes were made.',
      },
    ]);
  });

  it('does not matter if unchanged, or if the unit is not running', () => {
    const codes = (plan: ReturnType<typeof planFor>) => plan.blockers.map(({ code }) => code);
    expect(codes(planFor(6379))).toEqual([]);
    expect(codes(planFor(6380, 'failed'))).not.toContain('DIRECTIVE_NOT_LIVE');
  });
});
