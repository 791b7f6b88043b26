import { describe, expect, it } from 'vitest';
import type { HandOver } from '../../../src/domain/action.ts';
import type { DesiredCluster } from '../../../src/domain/desired.ts';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { actionsOf, type Plan } from '../../../src/domain/plan.ts';
import type { JournalEntry } from '../../../src/domain/run/journal.ts';
import { SET_UP, sentinelFile } from '../../../src/domain/sentinel/sentinel-file.ts';
import { planAgain, staleness } from '../../../src/operation/staleness.ts';
import { desiredCluster, desiredNode, healthy, redis } from '../../builders.ts';
import { masterSeenBy, sentinel, type SentinelChange } from '../../sentinels.ts';
import { describeBlockers, failoverOf, planOf, stepsOf } from '../look.ts';

const cluster = desiredCluster();
const restarting = desiredCluster({ lines: ['databases 32'] });
const WATCHED = { redis: { watchedBySentinel: true } };
const WITHOUT_SENTINELS = healthy(cluster, { 'redis-01': WATCHED, 'redis-02': WATCHED, 'redis-03': WATCHED });
const BEGAN: JournalEntry = { at: '', step: 1, node: 'redis-01', action: 'hand-over', state: 'began' };

function watched(change: SentinelChange = {}, seen = WITHOUT_SENTINELS): readonly NodeFacts[] {
  return seen.map((facts) => (facts.reachable ? { ...facts, sentinel: sentinel(facts.name, change) } : facts));
}

function handOvers(plan: Plan): readonly HandOver[] {
  return actionsOf(plan).flatMap((action) => (action.kind === 'hand-over' ? [action] : []));
}

/** A replica as all Sentinels see it. */
function seenReplica(change: { flags?: ReadonlySet<string>; isKnown?: boolean }): SentinelChange {
  const [first, second] = masterSeenBy('redis-01').replicas;
  const own = first && change.isKnown !== false ? [{ ...first, ...change }] : [];
  return { master: { replicas: [...own, ...(second ? [second] : [])] } };
}

describe('a hand-over where Sentinel watches', () => {
  it('restarts a master by the same steps as without Sentinel, each move led by a Sentinel off the old master', () => {
    const plan = planOf(restarting, watched());
    expect(describeBlockers(plan)).toEqual([]);
    expect(stepsOf(plan)).toEqual(stepsOf(planOf(restarting, healthy(cluster))));
    expect(handOvers(plan).map(({ to, sentinel: by }) => [to.name, by?.sentinels.map(({ node }) => node)])).toEqual([
      ['redis-02', ['redis-02', 'redis-03', 'redis-01']],
      ['redis-01', ['redis-01', 'redis-03', 'redis-02']],
    ]);
    const [first] = handOvers(plan);
    expect(first?.sentinel?.settings['redis-02']).toEqual({
      'replica-priority': '100',
      'min-replicas-to-write': '0',
      'min-replicas-max-lag': '10',
    });
    expect(first?.reason).toContain('Sentinel moves it');
  });

  it('moves it once where redisops.yml says so', () => {
    const stays = { ...restarting, policy: { ...restarting.policy, handBack: false as const } };
    expect(handOvers(planOf(stays, watched()))).toHaveLength(1);
  });

  it.each<readonly [string, SentinelChange]>([
    ['does not know the first replica', seenReplica({ isKnown: false })],
    ['calls the first replica down', seenReplica({ flags: new Set(['slave', 's_down']) })],
  ])('gives the role to the next replica if Sentinel %s', (_, change) => {
    expect(handOvers(planOf(restarting, watched(change)))[0]).toMatchObject({ to: { name: 'redis-03' } });
  });

  it('gives the role to no node with replica-priority 0, even if there is no other', () => {
    const never = new Map([...redis(desiredNode('redis-02')).configuration, ['replica-priority', '0'] as const]);
    const change = { redis: { watchedBySentinel: true, configuration: never } };
    const seen = watched({}, healthy(cluster, { 'redis-01': WATCHED, 'redis-02': change, 'redis-03': change }));
    expect(handOvers(planOf(restarting, seen))).toEqual([]);
    expect(describeBlockers(planOf(restarting, seen))).toContain('MASTER_RESTART_HOLDS_DATA redis-01');
    const { candidates } = failoverOf('planned', cluster, seen);
    expect(candidates?.filter(({ isCandidate }) => isCandidate)).toEqual([]);
  });

  it('moves nothing that Sentinels watch which redisops does not know', () => {
    expect(handOvers(planOf(restarting, WITHOUT_SENTINELS))).toEqual([]);
    expect(describeBlockers(failoverOf('planned', cluster, WITHOUT_SENTINELS))).toContain('SENTINEL_WATCHES redis-01');
  });

  it('leaves a dead master, and several masters, to Sentinel', () => {
    for (const mode of ['lost-master', 'accept-history'] as const)
      expect(describeBlockers(failoverOf(mode, cluster, watched(), 'redis-02'))).toContain('SENTINEL_WATCHES redis-01');
  });

  it('moves the role to the named node by a failover', () => {
    const plan = failoverOf('planned', cluster, watched(), 'redis-03');
    expect(describeBlockers(plan)).toEqual([]);
    expect(handOvers(plan)).toMatchObject([
      { node: 'redis-01', to: { name: 'redis-03' }, sentinel: { masterName: 'redis' } },
    ]);
    const files = actionsOf(plan).filter(({ kind }) => kind === 'write-file');
    expect(files.every((action) => action.kind === 'write-file' && action.rewritten)).toBe(true);
  });

  it('needs no Sentinel once Git turns those of redisops off', () => {
    const off: DesiredCluster = { ...restarting, sentinelOff: true };
    const content = sentinelFile([SET_UP, 'sentinel monitor redis 10.0.0.123 6379 2']);
    const seen = watched({ facts: { file: { ...sentinel('redis-01').file, content } } });
    const plan = planOf(off, seen);
    expect(stepsOf(plan)[0]).toEqual(['redis-01 stop-sentinel', 'redis-02 stop-sentinel', 'redis-03 stop-sentinel']);
    expect(handOvers(plan).map((action) => action.sentinel)).toEqual([undefined, undefined]);
  });
});

describe('the rest of a switchover that a dead worker began', () => {
  const approved = failoverOf('planned', cluster, watched(), 'redis-02');

  it('puts back the values from before it, not those of the moment', () => {
    const now = new Map([...redis(desiredNode('redis-02')).configuration, ['replica-priority', '99'] as const]);
    const changed = { redis: { watchedBySentinel: true, configuration: now } };
    const seen = watched({}, healthy(cluster, { 'redis-01': WATCHED, 'redis-02': changed, 'redis-03': WATCHED }));
    const rest = planAgain(approved, cluster, seen, [BEGAN]);
    expect(handOvers(rest)[0]?.sentinel?.settings['redis-02']?.['replica-priority']).toBe('100');
    expect(staleness(approved, rest, true)).toBeNull();
  });

  it.each([
    ['100', null],
    ['50', 'STALE_PLAN'],
  ])('may set replica-priority back to what it was: %s', (to, code) => {
    const change = { directive: 'replica-priority', from: '99', to, secret: false };
    const text = { summary: '', reason: '', disruptive: false };
    const back = { ...text, kind: 'config-set' as const, node: 'redis-02', changes: [change] };
    const rest: Plan = { ...approved, digest: 'other', waves: [{ actions: [back] }, ...approved.waves] };
    expect(staleness(approved, rest, true)?.code ?? null).toBe(code);
  });
});
