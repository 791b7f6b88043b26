import { describe, expect, it } from 'vitest';
import type { DesiredCluster } from '../../../src/domain/desired.ts';
import { actionsOf } from '../../../src/domain/plan.ts';
import { continuesPlan } from '../../../src/plan/continues-plan.ts';
import { desiredCluster, desiredNode, masterFacts, type Seen } from '../../builders.ts';
import { describeBlockers, planOf, stepsOf } from '../look.ts';
import { afterPlan } from '../simulate.ts';

const running = desiredNode('redis-01');

function asked(lines: readonly string[], change: Partial<DesiredCluster> = {}): DesiredCluster {
  const desired = desiredCluster({ nodes: [desiredNode('redis-01', { lines })], change: { replication: false } });
  return { ...desired, ...change };
}

function restartOf(desired: DesiredCluster, seen: Seen = {}) {
  return actionsOf(planOf(desired, [masterFacts(running, seen)])).find((action) => action.kind === 'restart-unit');
}

const mayLose = { policy: { ...asked([]).policy, mayLoseData: ['redis-01'] } };
const DATABASES = ['databases 32'];

describe('a restart of a single node with data', () => {
  it('saves what it holds, restarts, and has nothing to do after that', () => {
    const desired = asked(DATABASES);
    const seen = [masterFacts(running)];
    const plan = planOf(desired, seen);
    expect(stepsOf(plan)).toEqual([['redis-01 write-file', 'redis-01 restart-unit']]);
    expect(restartOf(desired)).toMatchObject({ disruptive: true, data: { kept: 'snapshot' } });
    expect(plan.risks.map(({ message }) => message).join()).toMatch(/holds 1000 keys in 18000000 bytes/);
    expect(planOf(desired, afterPlan(plan, desired, seen)).waves).toEqual([]);
  });

  it('trusts the append-only file where the new settings load it, also where they just switch it on', () => {
    expect(restartOf(asked([...DATABASES, 'appendonly yes']))).toMatchObject({ data: { kept: 'append-only file' } });
  });

  it('names no figure that moves', () => {
    const digest = (keys: number) =>
      planOf(asked(DATABASES), [masterFacts(running, { redis: { keys, usedMemoryBytes: keys * 100 } })]).digest;
    expect(digest(1234)).toBe(digest(1235));
  });

  it('saves an empty data set, too: what lies on disk may be older', () => {
    expect(restartOf(asked(DATABASES), { redis: { keys: 0 } })).toMatchObject({ data: { kept: 'snapshot' } });
  });

  it('moves an older file aside if an empty data set cannot be saved', () => {
    const file = { path: '/data/redis/other.rdb', bytes: 2048, keys: null, ageSeconds: 3 * 86_400 };
    const seen = { redis: { keys: 0 }, host: { dataFiles: [file] } };
    const plan = planOf(asked(['dbfilename other.rdb']), [masterFacts(running, seen)]);
    expect(describeBlockers(plan)).toEqual([]);
    expect(plan.risks.map(({ message }) => message)).toContain(
      'redis-01 has /data/redis/other.rdb (2 KiB, 3 days old), older than the 0 keys it holds: moved aside before the restart.',
    );
  });

  it.each<readonly [string, readonly string[], Seen]>([
    ['another file is loaded', ['dbfilename other.rdb'], {}],
    ['another folder is loaded', ['dir /srv/redis'], {}],
    ['another append-only folder is loaded', ['appendonly yes', 'appenddirname elsewhere'], {}],
    ['the folder cannot be written', DATABASES, { host: { dataDirectoryWritable: false } }],
    ['nobody knows whether it can', DATABASES, { host: { dataDirectoryWritable: 'unknown' } }],
    ['the disk is full', DATABASES, { host: { freeBytes: 35_999_999 } }],
    ['a database with keys goes', ['databases 8'], { redis: { keyspace: new Map([[9, 1000]]) } }],
    ['Sentinel watches', DATABASES, { redis: { watchedBySentinel: true } }],
  ])('is refused where %s', (_, lines, seen) => {
    const plan = planOf(asked(lines), [masterFacts(running, seen)]);
    expect(describeBlockers(plan)).toContain('MASTER_RESTART_HOLDS_DATA redis-01');
  });

  it('gives keys up only if they cannot be saved, redisops.yml allows it, and there are no replicas', () => {
    const full: Seen = { host: { freeBytes: 0 }, redis: { keys: 12_345 } };
    expect(restartOf(asked(DATABASES, mayLose), full)).toMatchObject({
      data: { kept: null, keysAtMost: 13_000 },
      disruptive: true,
      reason: expect.stringContaining('Its keys are lost, 13000 at most'),
    });
    expect(restartOf(asked(DATABASES, mayLose))).toMatchObject({ data: { kept: 'snapshot' } });
    const followed = {
      ...full,
      redis: { ...full.redis, replicas: [{ address: '10.9.9.9', port: 1, state: 'online', offset: 1, lagSeconds: 0 }] },
    };
    const watched = { ...full, redis: { ...full.redis, watchedBySentinel: true } };
    for (const seen of [followed, watched])
      expect(describeBlockers(planOf(asked(DATABASES, mayLose), [masterFacts(running, seen)]))).toEqual([
        'MASTER_RESTART_HOLDS_DATA redis-01',
      ]);
    const other = { policy: { ...mayLose.policy, mayLoseData: ['redis-02'] } };
    expect(describeBlockers(planOf(asked(DATABASES, other), [masterFacts(running, full)]))).toHaveLength(1);
  });

  it('is not resumed as a loss if keeping was approved', () => {
    const desired = asked(DATABASES, mayLose);
    const approved = planOf(desired, [masterFacts(running)]);
    const current = planOf(desired, [masterFacts(running, { host: { freeBytes: 0 } })]);
    expect(continuesPlan(approved, approved)).toBe(true);
    expect(continuesPlan(approved, current)).toBe(false);
  });
});
