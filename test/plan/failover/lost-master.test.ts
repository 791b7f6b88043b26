import { describe, expect, it } from 'vitest';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { actionsOf, bytesLost, keysGivenUp, needsApproval } from '../../../src/domain/plan.ts';
import type { PlanOptions } from '../../../src/plan/make-plan.ts';
import {
  cluster,
  healthy,
  HISTORY,
  link,
  masterFacts,
  replicaFacts,
  stoppedFacts,
  unreachable,
  one,
  two,
  three,
} from '../../builders.ts';
import { describeBlockers, failoverOf, planOf, stepsOf } from '../look.ts';
import { afterPlan } from '../simulate.ts';

const away = link({ up: false, state: 'connect', lastIoSeconds: -1, downSeconds: 12 });
const orphan = (node: typeof one, offset: number, change = {}) =>
  replicaFacts(node, { redis: { master: away, offset, ...change } });
const DEAD = [stoppedFacts(one, null), orphan(two, 900), orphan(three, 950)];

function plan(seen: readonly NodeFacts[], node?: string, options: PlanOptions = {}) {
  return failoverOf('lost-master', cluster, seen, node, options);
}

describe('failover lost-master', () => {
  it('fences the dead master, promotes the furthest replica, and re-points the others', () => {
    const made = plan(DEAD);
    expect(describeBlockers(made)).toEqual([]);
    expect(stepsOf(made)).toEqual([
      ['redis-01 write-file'],
      ['redis-03 promote'],
      ['redis-03 write-file'],
      ['redis-02 replicate', 'redis-02 await-link', 'redis-02 write-file'],
    ]);
    expect(needsApproval(made)).toBe(true);
    expect(bytesLost(made)).toBe(0);
    const after = afterPlan(made, cluster, DEAD);
    expect(stepsOf(planOf(cluster, after))).toEqual([['redis-01 start-unit', 'redis-01 await-link']]);
  });

  it('promotes the furthest replica though another is too old for its snapshots, and says so', () => {
    const made = plan([stoppedFacts(one, null), orphan(two, 900), orphan(three, 950, { version: '8.0.2' })]);
    expect(describeBlockers(made)).toEqual([]);
    expect(made.risks.filter(({ code }) => code === 'REPLICA_TOO_OLD').map(({ node }) => node)).toEqual(['redis-02']);
  });

  it('binds the approval to the bytes that are known to be lost', () => {
    expect(bytesLost(plan(DEAD, 'redis-02'))).toBe(50);
    expect(keysGivenUp(plan(DEAD, 'redis-02'))).toBe(1000);
    const seen = {
      runId: 'x',
      role: 'master',
      replicationId: HISTORY,
      keys: 1000,
      at: '2026-01-01T00:00:00Z',
    } as const;
    const last = { nodes: { 'redis-01': { ...seen, offset: 1200 } }, incidents: [] };
    const made = plan(DEAD, undefined, { last });
    expect(bytesLost(made)).toBe(250);
    expect(made.digest).not.toBe(plan(DEAD).digest);
    expect(made.risks.map(({ message }) => message).join()).toMatch(/250 bytes: offset 1200 by the look at redis-01/);
    const other = { nodes: { 'redis-01': { ...seen, replicationId: 'f'.repeat(40), offset: 9999 } }, incidents: [] };
    expect(bytesLost(plan(DEAD, undefined, { last: other }))).toBe(0);
  });

  it('says that a host out of reach cannot be fenced', () => {
    const made = plan([unreachable(one), orphan(two, 900), orphan(three, 950)]);
    expect(describeBlockers(made)).toEqual([]);
    expect(stepsOf(made)[0]).toEqual(['redis-03 promote']);
    expect(made.risks.some(({ code, node }) => code === 'MASTER_AMBIGUOUS' && node === 'redis-01')).toBe(true);
  });

  const hung = { state: 'unreadable', code: 'REDIS_TIMEOUT', reason: 'hangs' } as const;
  it.each<readonly [string, readonly NodeFacts[], string]>([
    ['the master runs', healthy(cluster), 'NO_CANDIDATE -'],
    ['a replica still hears it', [unreachable(one), replicaFacts(two), orphan(three, 950)], 'MASTER_UNKNOWN redis-01'],
    [
      'its Redis hangs',
      [{ ...masterFacts(one), redis: hung }, orphan(two, 900), orphan(three, 950)],
      'MASTER_UNKNOWN redis-01',
    ],
    [
      'another node is unknown',
      [stoppedFacts(one, null), orphan(two, 900), unreachable(three)],
      'SSH_TIMEOUT redis-03',
    ],
    [
      'Sentinel watches',
      [DEAD[0] ?? unreachable(one), orphan(two, 900, { watchedBySentinel: true })],
      'SENTINEL_WATCHES redis-02',
    ],
    ['no node runs', [one, two, three].map((node) => stoppedFacts(node, null)), 'NO_CANDIDATE -'],
  ])('is refused where %s', (_, seen, blocker) => {
    const made = plan(seen);
    expect(describeBlockers(made)).toContain(blocker);
    expect(actionsOf(made).filter(({ kind }) => kind === 'promote')).toEqual([]);
  });

  it('is finished after a crash, without asking for the dead master again', () => {
    const promoted = { replicationId: 'b'.repeat(40), replicationId2: HISTORY, offset: 950, secondOffset: 951 };
    const seen = [stoppedFacts(one, null), orphan(two, 900), masterFacts(three, { redis: promoted })];
    expect(stepsOf(plan(seen, 'redis-03', { begun: true, target: 'redis-03', lost: 'redis-01' })).slice(0, 2)).toEqual([
      ['redis-01 write-file'],
      ['redis-03 promote'],
    ]);
  });
});

describe('a former master that a failover passed over', () => {
  const promoted = { replicationId: 'b'.repeat(40), replicationId2: HISTORY, offset: 980, secondOffset: 951 };
  const masterHome = { node: 'redis-03', replicationId: 'b'.repeat(40), over: ['redis-01'] };
  const follower = replicaFacts(two, {
    redis: { master: link({ host: three.address }), replicationId: 'b'.repeat(40) },
  });

  it('is backed up and made a replica when it comes back, although Git nominates it', () => {
    const seen = [masterFacts(one), follower, masterFacts(three, { redis: promoted, host: { masterHome } })];
    const made = planOf(cluster, seen);
    expect(describeBlockers(made)).toEqual([]);
    expect(made.topology.master).toBe('redis-03');
    expect(stepsOf(made).flat().slice(0, 3)).toEqual(['redis-01 back-up', 'redis-01 replicate', 'redis-01 await-link']);
  });

  it('blocks every plan where nobody chose', () => {
    const other = { ...masterHome, over: ['redis-09'] };
    for (const note of [null, other, { ...masterHome, replicationId: 'e'.repeat(40) }]) {
      const seen = [masterFacts(one), follower, masterFacts(three, { redis: promoted, host: { masterHome: note } })];
      expect(describeBlockers(planOf(cluster, seen))).toContain('MASTER_AMBIGUOUS -');
    }
  });
});
