import { describe, expect, it } from 'vitest';
import type { PauseGoal } from '../../../src/domain/goal.ts';
import { actionsOf } from '../../../src/domain/plan.ts';
import { readinessOf } from '../../../src/domain/readiness/readiness.ts';
import { PAUSED_MS, type Pause } from '../../../src/domain/sentinel/pause.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { desiredCluster, healthy } from '../../builders.ts';
import { masterSeenBy, NAMES, sentinel, type SentinelChange } from '../../sentinels.ts';

const cluster = desiredCluster();
const UNTIL = '2025-12-03T14:05:00.000Z';
const GOAL: PauseGoal = { kind: 'pause', until: UNTIL, reason: 'new switch', by: 'anna' };
const PAUSE: Pause = { master: 'redis', until: UNTIL, downAfterMs: 5000, by: 'anna', reason: 'new switch' };

function seen(change: (name: string) => SentinelChange = () => ({})) {
  return healthy(cluster).map((facts) =>
    facts.reachable ? { ...facts, sentinel: sentinel(facts.name, change(facts.name)) } : facts,
  );
}

function paused(name: string, pause: Partial<Pause> = {}): SentinelChange {
  return { master: masterSeenBy(name, { downAfterMs: PAUSED_MS }), facts: { pauses: [{ ...PAUSE, ...pause }] } };
}

describe('a pause', () => {
  it('reaches every Sentinel at once, and remembers its value', () => {
    const plan = makePlan(GOAL, cluster, seen());
    expect(plan.blockers).toEqual([]);
    expect(plan.waves).toHaveLength(1);
    expect(actionsOf(plan)).toMatchObject(
      NAMES.map((node) => ({ node, kind: 'pause-failover', disruptive: false, pause: PAUSE })),
    );
  });

  it.each([
    ['the same pause', seen((name) => paused(name)), []],
    ['killed after the note', seen((name) => ({ ...paused(name), master: masterSeenBy(name) })), [5000, 5000, 5000]],
    ['another end', seen((name) => paused(name, { until: '2025-12-03T13:00:00.000Z' })), [5000, 5000, 5000]],
    ['on one only', seen((name) => (name === 'redis-02' ? paused(name) : {})), [5000, 5000]],
    [
      'raised without a note',
      seen((name) => ({ master: masterSeenBy(name, { downAfterMs: PAUSED_MS }) })),
      [30_000, 30_000, 30_000],
    ],
  ])('continues from %s', (_, observed, values) => {
    const actions = actionsOf(makePlan(GOAL, cluster, observed));
    expect(actions.map((action) => (action.kind === 'pause-failover' ? action.pause.downAfterMs : null))).toEqual(
      values,
    );
  });

  it('needs nothing without Sentinel', () => {
    expect(makePlan(GOAL, cluster, healthy(cluster))).toMatchObject({ waves: [], blockers: [] });
    expect(makePlan({ kind: 'resume' }, cluster, healthy(cluster))).toMatchObject({ waves: [], blockers: [] });
  });

  it('is refused where Sentinels out of reach could fail over by themselves', () => {
    const foreign = ['10.0.0.200', '10.0.0.201'].map((host) => {
      return { host, port: 26_379, id: host, flags: new Set(['sentinel']) };
    });
    const withPeers = (count: number) =>
      seen((name) => ({
        master: masterSeenBy(name, { peers: [...masterSeenBy(name).peers, ...foreign.slice(0, count)] }),
      }));
    expect(makePlan(GOAL, cluster, withPeers(1)).blockers).toEqual([]);
    expect(makePlan(GOAL, cluster, withPeers(2)).blockers).toMatchObject([{ code: 'PAUSE_INCOMPLETE' }]);
  });

  it('is refused during a failover', () => {
    const flags = new Set(['master', 'o_down', 'failover_in_progress']);
    const busy = seen((name) => ({ master: masterSeenBy(name, { flags }) }));
    expect(makePlan(GOAL, cluster, busy).blockers).toMatchObject([{ code: 'MASTER_UNKNOWN' }]);
  });

  it('is refused for a name that systemd would read otherwise', () => {
    const odd = seen((name) => ({ master: masterSeenBy(name, { name: 'a b' }) }));
    expect(makePlan(GOAL, cluster, odd).blockers[0]).toMatchObject({ code: 'PAUSE_INCOMPLETE' });
  });

  it('is ended where it is', () => {
    const plan = makePlan(
      { kind: 'resume' },
      cluster,
      seen((name) => (name === 'redis-03' ? {} : paused(name))),
    );
    expect(actionsOf(plan)).toMatchObject([
      { node: 'redis-01', kind: 'resume-failover', downAfterMs: 5000 },
      { node: 'redis-02', kind: 'resume-failover', downAfterMs: 5000 },
    ]);
  });

  it('is said by readiness, by whom and until when', () => {
    const [lack, ...more] = readinessOf(
      cluster,
      seen((name) => paused(name)),
    );
    expect(more).toEqual([]);
    expect(lack).toMatchObject({
      code: 'FAILOVER_PAUSED',
      nodes: NAMES,
      message: 'Automatic failover is paused until 2025-12-03 14:05 UTC, by anna: new switch.',
    });
  });
});
