import { describe, expect, it } from 'vitest';
import { actionsOf, isDisruptive, keysGivenUp } from '../../../src/domain/plan.ts';
import { continuesPlan } from '../../../src/plan/continues-plan.ts';
import { planPutBack } from '../../../src/plan/put-back.ts';
import { desiredCluster, link, masterFacts, replicaFacts, type Seen, one, two, three } from '../../builders.ts';
import { describeBlockers, planOf, stepsOf } from '../look.ts';
import { afterPlan } from '../simulate.ts';

const desired = desiredCluster();
const OTHER = 'f'.repeat(40);

/** redis-01 and redis-03 replicate; redis-02 stands alone, with data of its own. */
function seenWith(second: Seen['redis'] = {}, first: Seen['redis'] = {}) {
  const own = {
    replicationId: OTHER,
    keys: 12,
    keyspace: new Map([
      [0, 10],
      [3, 2],
    ]),
    ...second,
  };
  return [masterFacts(one, { redis: first }), masterFacts(two, { redis: own }), replicaFacts(three)];
}

describe('a single node with data that becomes a replica', () => {
  const plan = planOf(desired, seenWith());

  it('is backed up first, and gives its keys up with an approval of their number', () => {
    expect(describeBlockers(plan)).toEqual([]);
    expect(stepsOf(plan)).toEqual([
      ['redis-02 back-up', 'redis-02 replicate', 'redis-02 await-link', 'redis-02 write-file'],
    ]);
    expect(isDisruptive(plan)).toBe(true);
    expect(keysGivenUp(plan)).toBe(12);
    const replicate = actionsOf(plan).find(({ kind }) => kind === 'replicate');
    expect(replicate?.summary).toBe('Give up its 12 keys and replicate from redis-01 (10.0.0.123:6379)');
    expect(replicate?.reason).toContain('12 keys of its own (db0: 10, db3: 2)');
    expect(planOf(desired, afterPlan(plan, desired, seenWith())).waves).toEqual([]);
  });

  it('shows what the new master holds, and names of keys as they were read', () => {
    const named = planOf(desired, seenWith({ keyNames: ['user:••••', 'cart:••••'] }));
    expect(named.risks.map(({ message }) => message)).toContain(
      'redis-02 gives up 12 keys (db0: 10, db3: 2) in 18000000 bytes; its new master redis-01 holds 1000 keys (db0: 1000). Some names: user:••••, cart:••••.',
    );
    const larger = planOf(desired, seenWith({ keys: 2000 }));
    expect(larger.risks.map(({ message }) => message).join()).toContain(
      'That is less. Check that this is the right master.',
    );
  });

  it('needs neither if it is empty', () => {
    const empty = planOf(desired, seenWith({ keys: 0 }));
    expect(stepsOf(empty).flat()).not.toContain('redis-02 back-up');
    expect(isDisruptive(empty)).toBe(false);
  });

  it('binds the number: more or fewer keys are another plan, until execution', () => {
    expect(planOf(desired, seenWith({ keys: 13 })).digest).not.toBe(plan.digest);
    expect(continuesPlan(plan, planOf(desired, seenWith({ keys: 13 })))).toBe(false);
    expect(continuesPlan(plan, planOf(desired, seenWith({ keys: 11 })))).toBe(true);
  });

  it.each<readonly [string, ReturnType<typeof seenWith>, string]>([
    [
      'others follow it',
      seenWith({ replicas: [{ address: '10.9.9.9', port: 1, state: 'online', offset: 1, lagSeconds: 0 }] }),
      'MASTER_AMBIGUOUS -',
    ],
    ['the nominated one is empty', seenWith({}, { keys: 0 }), 'MASTER_AMBIGUOUS -'],
    ['Sentinel watches it', seenWith({ watchedBySentinel: true }), 'SENTINEL_WATCHES redis-02'],
    [
      'it is a replica of another node',
      [
        masterFacts(one),
        replicaFacts(two, { redis: { replicationId: OTHER, master: link({ host: '10.0.0.125', up: false }) } }),
        replicaFacts(three),
      ],
      'REPLICA_HOLDS_DATA redis-02',
    ],
  ])('is left alone where %s', (_, seen, blocker) => {
    expect(describeBlockers(planOf(desired, seen))).toContain(blocker);
  });

  it('gives no keys up to undo another node’s failure', () => {
    const left = {
      halfDone: new Map([['redis-02', { redisConf: null, dropIn: null }]]),
      done: new Set<string>(),
      previousMaster: null,
    };
    expect(stepsOf(planPutBack(plan, desired, seenWith(), left)).flat()).toEqual([]);
  });
});
