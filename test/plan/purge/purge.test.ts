import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeFacts, RedisUp } from '../../../src/domain/facts.ts';
import { actionsOf, isDisruptive, type Plan } from '../../../src/domain/plan.ts';
import type { Remain } from '../../../src/domain/redis/remains.ts';
import { continuesPlan } from '../../../src/plan/continues-plan.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import {
  configurationOf,
  desiredCluster,
  desiredNode,
  healthy,
  link,
  stoppedFacts,
  unreachable,
  type Seen,
} from '../../builders.ts';
import { describeBlockers, stepsOf } from '../look.ts';
import { afterPlan } from '../simulate.ts';

const NAMES = ['redis-01', 'redis-02', 'redis-03'];
const desired = desiredCluster();
const [one, three] = [desiredNode('redis-01'), desiredNode('redis-03')];
const alone = desiredCluster({ nodes: [one], change: { replication: false } });

function file(path: string, change: Partial<Remain> = {}): Remain {
  return { path, type: 'file', bytes: 1000, modified: '1764770000.25', keys: null, ...change };
}

function withRemains(...remains: readonly Remain[]): Seen {
  return { host: { remains } };
}

function purge(seen: readonly NodeFacts[], node?: string, cluster = desired): Plan {
  return makePlan({ kind: 'purge', node }, cluster, seen);
}

function running(...pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map([...configurationOf(one.redisConf.content), ...pairs]);
}

/** What the plan would delete on a node, by the path that it had. */
function goes(plan: Plan, node: string): readonly string[] {
  return actionsOf(plan).flatMap((action) =>
    action.kind === 'delete-aside' && action.node === node ? action.files.map(({ path }) => path) : [],
  );
}

describe('purge', () => {
  it('moves aside and deletes node by node, replicas first; it needs an approval', () => {
    const seen = healthy(desired, Object.fromEntries(NAMES.map((name) => [name, withRemains(file('dump.rdb'))])));
    const plan = purge(seen);
    expect(plan.blockers).toEqual([]);
    expect(stepsOf(plan)).toEqual([
      ['redis-02 move-aside'],
      ['redis-03 move-aside'],
      ['redis-01 move-aside'],
      ['redis-02 delete-aside'],
      ['redis-03 delete-aside'],
      ['redis-01 delete-aside'],
    ]);
    expect(actionsOf(plan).every(({ disruptive }) => disruptive)).toBe(true);
    expect(plan.waves[0]?.actions[0]?.summary).toContain('dump.rdb (1000 bytes)');
    expect(purge(seen).digest).toBe(plan.digest);
    expect(stepsOf(purge(seen, 'redis-03'))).toEqual([['redis-03 move-aside'], ['redis-03 delete-aside']]);
  });

  it('binds each file as observed', () => {
    const digest = (change: Partial<Remain>) =>
      purge(healthy(desired, { 'redis-02': withRemains(file('a.rdb', change)) })).digest;
    const changes: readonly Partial<Remain>[] = [{}, { bytes: 1001 }, { modified: '1764770000.26' }, { path: 'b.rdb' }];
    expect(new Set(changes.map(digest)).size).toBe(4);
  });

  it('has nothing to do without remains, whatever other nodes have', () => {
    const seen = [...healthy(desired).slice(0, 2), stoppedFacts(three, link())];
    expect(purge(seen)).toMatchObject({ waves: [], blockers: [] });
  });

  it('names the nearest node', () => {
    expect(() => purge(healthy(desired), 'redis-3')).toThrow(/Did you mean redis-0/);
  });

  const files = [
    'dump.rdb',
    'temp-sync.rdb',
    'temp-1.1.rdb',
    'appendonly.aof',
    'temp-rewriteaof-1.aof',
    'appendonlydir/appendonly.aof.1.base.rdb',
    'appendonlydir/appendonly.aof.manifest',
    'mine/dump.rdb',
    'users.acl',
  ].map((path) => file(path));
  const own = files.slice(0, 7).map(({ path }) => path);
  const cases: readonly (readonly [string, readonly (readonly [string, string])[], readonly string[]])[] = [
    ['persistence off', [], own],
    ['save points', [['save', '3600 1']], own.filter((path) => path !== 'temp-sync.rdb')],
    [
      'save points, another name',
      [
        ['save', '3600 1'],
        ['dbfilename', 'dump.rdb'],
      ],
      own.filter((path) => path !== 'dump.rdb'),
    ],
    ['an append-only file', [['appendonly', 'yes']], own.filter((path) => !path.includes('aof'))],
    [
      'an append-only file elsewhere',
      [
        ['appendonly', 'yes'],
        ['appenddirname', 'log'],
      ],
      own.filter((path) => !path.includes('aof') || path.includes('/')),
    ],
  ];

  it.each(cases)('removes only files that Redis does not use: %s', (_, configuration, expected) => {
    const two = { ...withRemains(...files), redis: { configuration: running(...configuration) } };
    const plan = purge(healthy(desired, { 'redis-02': two }));
    expect(plan.blockers).toEqual([]);
    expect(goes(plan, 'redis-02')).toEqual(expected);
    const stays = own.filter((path) => !expected.includes(path));
    expect(plan.risks.map(({ message }) => message.split(' stays: ')[0])).toEqual(stays);
  });

  it('keeps files that Git would use, even if the running Redis does not', () => {
    const wants = desiredCluster({ lines: ['save 3600 1'] });
    const seen = healthy(desired, { 'redis-02': withRemains(file('temp-sync.rdb')) });
    const plan = purge(seen, undefined, wants);
    expect([plan.waves, plan.risks[0]?.message]).toEqual([[], 'temp-sync.rdb stays: save is “3600 1” in Git.']);
  });

  it.each([
    ['a link', file('dump.rdb', { type: 'other' })],
    ['a folder', file('dump.rdb', { type: 'directory' })],
    ['a name that is no text', file('du\uFFFDmp.rdb')],
  ])('leaves %s', (_, remain) => {
    const plan = purge(healthy(desired, { 'redis-02': withRemains(remain) }));
    expect([plan.waves.length, plan.risks.length]).toEqual([0, 1]);
  });

  const replicaGone = { redis: { master: link({ up: false }) } };
  const blocked: readonly (readonly [string, NodeFacts[], readonly string[]])[] = [
    [
      'a replica without a link',
      healthy(desired, { 'redis-01': withRemains(file('dump.rdb')), 'redis-03': replicaGone }),
      ['PURGE_NOT_NOW redis-03'],
    ],
    [
      'a node that saves',
      healthy(desired, {
        'redis-01': withRemains(file('dump.rdb')),
        'redis-02': {
          redis: {
            persistence: { rdbLastSaveOk: true, rdbSaveInProgress: true, aofEnabled: false, aofLastWriteOk: true },
          },
        },
      }),
      ['PURGE_NOT_NOW redis-02'],
    ],
    [
      'a stopped node with remains',
      [...healthy(desired).slice(0, 2), stoppedFacts(three, link(), { remains: [file('dump.rdb')] })],
      ['PURGE_NOT_NOW redis-03'],
    ],
    ['a node that cannot be read', [...healthy(desired).slice(0, 2), unreachable(three)], ['SSH_TIMEOUT redis-03']],
    [
      'an empty master',
      healthy(desired, {
        'redis-01': { redis: { keys: 0 } },
        'redis-02': { ...withRemains(file('dump.rdb')), redis: { keys: 0 } },
        'redis-03': { redis: { keys: 0 } },
      }),
      ['PURGE_LAST_COPY redis-02'],
    ],
    [
      'a snapshot larger than what the master holds',
      healthy(desired, { 'redis-02': withRemains(file('dump.rdb', { bytes: 20_000_000 })) }),
      ['PURGE_LAST_COPY redis-02'],
    ],
    [
      'a master whose replicas hold less',
      healthy(desired, {
        'redis-01': withRemains(file('dump.rdb')),
        'redis-02': { redis: { keys: 10 } },
        'redis-03': { redis: { keys: 10 } },
      }),
      ['PURGE_LAST_COPY redis-01'],
    ],
  ];

  it.each(blocked)('is blocked by %s', (_, seen, expected) => {
    expect(describeBlockers(purge(seen))).toEqual(expected);
  });

  it('removes files without keys from an empty cluster', () => {
    const empty = { redis: { keys: 0 } };
    const seen = healthy(desired, {
      'redis-01': { ...empty, ...withRemains(file('dump.rdb', { keys: 0 })) },
      'redis-02': empty,
      'redis-03': empty,
    });
    expect(purge(seen)).toMatchObject({ blockers: [], waves: [{}, {}] });
  });

  describe('with failing saves', () => {
    const failed = { rdbLastSaveOk: false, rdbSaveInProgress: false, aofEnabled: false, aofLastWriteOk: true };
    const saving = (...pairs: readonly (readonly [string, string])[]) =>
      running(['save', '3600 1'], ['stop-writes-on-bgsave-error', 'yes'], ...pairs);
    const seenWith = (configuration: ReadonlyMap<string, string>, change: Partial<RedisUp> = {}) =>
      healthy(desired, {
        'redis-01': { ...withRemains(file('temp-sync.rdb')), redis: { persistence: failed, configuration, ...change } },
      });

    it('sets Git’s save settings first, then removes the snapshot', () => {
      const seen = seenWith(saving());
      const plan = purge(seen);
      expect(stepsOf(plan)).toEqual([['redis-01 config-set'], ['redis-01 move-aside'], ['redis-01 delete-aside']]);
      expect([plan.blockers, goes(plan, 'redis-01')]).toEqual([[], ['temp-sync.rdb']]);
      expect(plan.waves[0]?.actions[0]?.summary).toContain('save 3600 1 → ""');
      expect(plan.risks.map(({ message }) => message).join()).toContain('Saves fail on redis-01, and Git wants none');
      for (const steps of [1, 2, 3]) {
        const current = purge(afterPlan({ ...plan, waves: plan.waves.slice(0, steps) }, desired, seen));
        expect([continuesPlan(plan, current), actionsOf(current).length]).toEqual([true, 3 - steps]);
      }
    });

    const wants = desiredCluster({ lines: ['save 3600 1'] });
    it.each<readonly [string, readonly NodeFacts[], typeof desired]>([
      ['Git wants them', seenWith(saving()), wants],
      ['something else differs, too', seenWith(saving(['hz', '50'])), desired],
      ['an append-only file is written', seenWith(saving(['appendonly', 'yes'])), desired],
      ['the last one was good', seenWith(saving(), { persistence: { ...failed, rdbLastSaveOk: true } }), desired],
    ])('leaves it where %s', (_, seen, cluster) => {
      const plan = purge(seen, undefined, cluster);
      expect([plan.waves, plan.risks[0]?.message]).toEqual([
        [],
        expect.stringContaining('temp-sync.rdb stays: save is'),
      ]);
    });

    it('leaves the snapshot of a master whose data no replica holds', () => {
      const [one, ...replicas] = seenWith(saving());
      const behind = healthy(desired, { 'redis-02': { redis: { keys: 1 } }, 'redis-03': { redis: { keys: 1 } } });
      expect(replicas.length).toBe(2);
      expect(describeBlockers(purge([...(one ? [one] : []), ...behind.slice(1)]))).toEqual([
        'PURGE_LAST_COPY redis-01',
      ]);
    });
  });

  describe('of a standalone node', () => {
    const seenWith = (redis: Partial<RedisUp>, ...remains: readonly Remain[]) =>
      healthy(alone, { 'redis-01': { redis, host: { remains } } });
    const saves = { configuration: running(['save', '3600 1'], ['dbfilename', 'dump.rdb']) };
    const failed = { rdbLastSaveOk: false, rdbSaveInProgress: false, aofEnabled: false, aofLastWriteOk: true };
    it.each<readonly [string, NodeFacts[], readonly string[], readonly string[]]>([
      [
        'without persistence keeps its snapshot',
        seenWith({}, file('dump.rdb')),
        ['dump.rdb'],
        ['PURGE_LAST_COPY redis-01'],
      ],
      ['that saves gives up other files', seenWith(saves, file('dump.rdb'), file('old.aof')), ['old.aof'], []],
      [
        'whose save failed does not',
        seenWith({ ...saves, persistence: failed }, file('dump.rdb'), file('old.aof')),
        ['old.aof'],
        ['PURGE_LAST_COPY redis-01'],
      ],
      ['that never saved does not', seenWith(saves, file('old.aof')), ['old.aof'], ['PURGE_LAST_COPY redis-01']],
      ['gives up files without keys', seenWith({ keys: 0 }, file('dump.rdb', { keys: 0 })), ['dump.rdb'], []],
    ])('%s', (_, seen, files, blockers) => {
      const plan = purge(seen, undefined, alone);
      expect([goes(plan, 'redis-01'), describeBlockers(plan)]).toEqual([files, blockers]);
    });
  });

  describe('after an earlier purge', () => {
    const folder = 'quarantine-redisops-0123456789ab';
    const inside = [file(folder, { type: 'directory' }), file(`${folder}/manifest.json`)];
    it.each<readonly [string, readonly Remain[], readonly string[], number]>([
      [
        'takes up what was left',
        [...inside, file(`${folder}/dump.rdb`), file(`${folder}/appendonlydir/a.aof`)],
        ['dump.rdb', 'appendonlydir/a.aof'],
        1,
      ],
      ['removes a folder that is empty', [file(folder, { type: 'directory' })], [], 1],
      ['leaves a folder without a manifest', [file(folder, { type: 'directory' }), file(`${folder}/dump.rdb`)], [], 0],
      ['leaves a folder with a link in it', [...inside, file(`${folder}/dump.rdb`, { type: 'other' })], [], 0],
      ['leaves a link of that name', [file(folder, { type: 'other' })], [], 0],
      ['leaves a person’s folder', [file('quarantine-2025/dump.rdb')], [], 0],
    ])('%s', (_, remains, files, waves) => {
      const plan = purge(healthy(desired, { 'redis-02': withRemains(...remains) }));
      expect([goes(plan, 'redis-02'), plan.waves.length, isDisruptive(plan)]).toEqual([files, waves, files.length > 0]);
    });
  });

  const paths = fc.uniqueArray(fc.constantFrom(...own), { minLength: 1 });

  it('continues wherever a worker died, and leaves nothing to do', () => {
    fc.assert(
      fc.property(fc.tuple(paths, paths, paths), fc.nat(6), (remains, steps) => {
        const change = Object.fromEntries(
          NAMES.map((name, at) => [name, withRemains(...(remains[at] ?? []).map((path) => file(path)))]),
        );
        const before = healthy(desired, change);
        const approved = purge(before);
        const done = { ...approved, waves: approved.waves.slice(0, steps) };
        const current = purge(afterPlan(done, desired, before));
        expect(continuesPlan(approved, current)).toBe(true);
        expect(actionsOf(current).length).toBe(6 - steps);
        expect(purge(afterPlan(approved, desired, before)).waves).toEqual([]);
      }),
    );
  });

  it('continues if half of the files are moved, but not with an unapproved file', () => {
    const folder = 'quarantine-redisops-0123456789ab';
    const approved = purge(healthy(desired, { 'redis-02': withRemains(file('dump.rdb'), file('a.aof')) }));
    const half = [
      file('a.aof'),
      file(folder, { type: 'directory' }),
      file(`${folder}/manifest.json`),
      file(`${folder}/dump.rdb`),
    ];
    const at = (...remains: readonly Remain[]) => purge(healthy(desired, { 'redis-02': withRemains(...remains) }));
    expect(continuesPlan(approved, at(...half))).toBe(true);
    expect(continuesPlan(approved, at(...half, file('new.rdb')))).toBe(false);
    expect(continuesPlan(approved, at(file('dump.rdb', { modified: '1764770009' })))).toBe(false);
  });
});
