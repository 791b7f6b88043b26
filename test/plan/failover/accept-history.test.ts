import { describe, expect, it } from 'vitest';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { keysGivenUp } from '../../../src/domain/plan.ts';
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

function plan(seen: readonly NodeFacts[], node?: string) {
  return failoverOf('accept-history', cluster, seen, node);
}

const forked = { replicationId: 'b'.repeat(40), replicationId2: HISTORY, offset: 1300, secondOffset: 901, keys: 800 };
const SPLIT = [
  masterFacts(one),
  masterFacts(two, { redis: forked }),
  replicaFacts(three, { redis: { ...forked, master: link({ host: two.address }) } }),
];

describe('failover accept-history', () => {
  it('keeps one of two masters; the replica of the other goes first, as it would pass the new history on', () => {
    const made = plan(SPLIT, 'redis-01');
    expect(describeBlockers(made)).toEqual([]);
    expect(stepsOf(made)).toEqual([
      ['redis-01 promote'],
      ['redis-03 back-up', 'redis-03 replicate', 'redis-03 await-link', 'redis-03 write-file'],
      ['redis-02 back-up', 'redis-02 replicate', 'redis-02 await-link', 'redis-02 write-file'],
    ]);
    expect(keysGivenUp(made)).toBe(1600);
    expect(made.risks.map(({ message }) => message).join()).toMatch(
      /redis-02 gives up 800 keys \(offset 1300, 400 B since then\); redis-01 keeps 1000 keys \(offset 1000, 100 B since then\)\. They parted at offset 900/,
    );
    expect(planOf(cluster, afterPlan(made, cluster, SPLIT)).blockers).toEqual([]);
  });

  it('does not make a node give up its data for a snapshot that it cannot load', () => {
    const seen = [masterFacts(one, { redis: { version: '8.0.2' } }), ...SPLIT.slice(1)];
    expect(describeBlockers(plan(seen, 'redis-01')).filter((each) => each.startsWith('REPLICA_TOO_OLD'))).toEqual([
      'REPLICA_TOO_OLD redis-02',
      'REPLICA_TOO_OLD redis-03',
    ]);
  });

  it('drops nothing of a node whose history the chosen one continues', () => {
    const behind = { ...forked, keys: 1000 };
    const seen = [
      masterFacts(one, { redis: { offset: 800 } }),
      masterFacts(two, { redis: behind }),
      replicaFacts(three, { redis: { ...behind, master: link({ host: two.address }) } }),
    ];
    const made = plan(seen, 'redis-02');
    expect(keysGivenUp(made)).toBe(0);
    expect(stepsOf(made).flat()).toContain('redis-01 replicate');
  });

  it('backs up a node behind the chosen one before it is promoted', () => {
    const ring = [
      replicaFacts(one, { redis: { master: link({ host: three.address, up: false }) } }),
      replicaFacts(two, { redis: { master: link({ host: one.address, up: false }), offset: 1200 } }),
      replicaFacts(three, { redis: { master: link({ host: two.address, up: false }), offset: 1500 } }),
    ];
    const made = plan(ring, 'redis-02');
    expect(describeBlockers(made)).toEqual([]);
    expect(stepsOf(made).slice(0, 2)).toEqual([['redis-03 back-up'], ['redis-02 promote']]);
  });

  it.each<readonly [string, readonly NodeFacts[], string | undefined, string]>([
    ['nobody is named', SPLIT, undefined, 'NO_CANDIDATE -'],
    ['the cluster is healthy', healthy(cluster), 'redis-02', 'NO_CANDIDATE redis-02'],
    [
      'the named node does not run',
      [masterFacts(one), masterFacts(two), stoppedFacts(three, null)],
      'redis-03',
      'NO_CANDIDATE redis-03',
    ],
    [
      'the named node is empty',
      [masterFacts(one, { redis: { keys: 0 } }), ...SPLIT.slice(1)],
      'redis-01',
      'NO_CANDIDATE redis-01',
    ],
    ['a node is unknown', [masterFacts(one), masterFacts(two), unreachable(three)], 'redis-01', 'SSH_TIMEOUT redis-03'],
    [
      'Sentinel watches',
      [masterFacts(one, { redis: { watchedBySentinel: true } }), ...SPLIT.slice(1)],
      'redis-01',
      'SENTINEL_WATCHES redis-01',
    ],
  ])('is refused where %s', (_, seen, node, blocker) => {
    expect(describeBlockers(plan(seen, node))).toContain(blocker);
  });

  it('has nothing to do under the master that is left', () => {
    expect(plan(healthy(cluster), 'redis-01')).toMatchObject({ waves: [], blockers: [] });
  });
});
