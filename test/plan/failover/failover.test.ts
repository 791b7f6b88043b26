import { describe, expect, it } from 'vitest';
import { actionsOf, needsApproval } from '../../../src/domain/plan.ts';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import type { DesiredCluster } from '../../../src/domain/desired.ts';
import {
  cluster,
  desiredCluster,
  desiredNode,
  healthy,
  link,
  masterFacts,
  redis,
  replicaFacts,
  stoppedFacts,
  unreachable,
  one,
  two,
  three,
  type Seen,
} from '../../builders.ts';
import { describeBlockers, failoverOf, planOf, stepsOf } from '../look.ts';
import { afterPlan } from '../simulate.ts';

function failover(node?: string, seen: readonly NodeFacts[] = healthy(cluster), desired: DesiredCluster = cluster) {
  return failoverOf('planned', desired, seen, node);
}

const running = (change: Readonly<Record<string, string>>) =>
  new Map([...redis(two).configuration, ...Object.entries(change)]);

describe('a planned failover', () => {
  it('hands the role over for good, then writes it into every file', () => {
    const plan = failover('redis-02');
    expect(describeBlockers(plan)).toEqual([]);
    expect(stepsOf(plan)).toEqual([
      ['redis-01 hand-over'],
      ['redis-01 write-file', 'redis-02 write-file', 'redis-03 write-file'],
    ]);
    expect(actionsOf(plan)[0]).toMatchObject({ to: { name: 'redis-02' }, home: 'redis-02' });
    expect(needsApproval(plan)).toBe(true);
    const after = afterPlan(plan, cluster, healthy(cluster));
    expect(actionsOf(planOf(cluster, after))).toEqual([]);
    expect(actionsOf(failover('redis-02', after))).toEqual([]);
  });

  it('writes only the role: other differences from Git stay for apply', () => {
    const changed = desiredCluster({ lines: ['maxclients 4321'] });
    const files = actionsOf(failover('redis-02', healthy(cluster), changed)).flatMap((action) =>
      action.kind === 'write-file' ? action.diff.map(({ text }) => text) : [],
    );
    expect(files.some((text) => text.includes('replicaof'))).toBe(true);
    expect(files.some((text) => text.includes('maxclients'))).toBe(false);
  });

  it.each<readonly [string, Seen, string]>([
    ['no link', { redis: { master: link({ up: false, state: 'connect' }) } }, 'has no link to redis-01 (connect)'],
    ['synchronizing', { redis: { master: link({ up: false, syncInProgress: true }) } }, 'is synchronizing'],
    ['silent', { redis: { master: link({ lastIoSeconds: 40 }) } }, 'has heard nothing from redis-01 for 40 s'],
    ['loading', { redis: { loading: true } }, 'is loading its data'],
    ['history', { redis: { replicationId: 'f'.repeat(40) } }, 'has a different replication ID'],
    ['older', { redis: { version: '6.2.14' } }, 'runs 6.2.14, older than 7.0.15'],
    ['priority', { redis: { configuration: running({ 'replica-priority': '0' }) } }, 'replica-priority is 0'],
    [
      'memory',
      { redis: { configuration: running({ maxmemory: '500000' }) } },
      'its maxmemory of 488 KiB is less than the 977 KiB of data',
    ],
    ['password', { redis: { requiresPassword: true } }, 'asks for a password, and redis-01 has no masterauth'],
    ['commands', { redis: { refuses: [{ command: 'REPLICAOF', by: 'rename-command' }] } }, 'refuses REPLICAOF'],
    ['Sentinel', { redis: { watchedBySentinel: true } }, ''],
  ])('says why a node is no candidate: %s', (_, seen, reason) => {
    const plan = failover('redis-02', healthy(cluster, { 'redis-02': seen }));
    expect(plan.blockers.length).toBeGreaterThan(0);
    if (reason === '') return expect(describeBlockers(plan)).toContain('SENTINEL_WATCHES redis-02');
    expect(describeBlockers(plan)).toContain('NO_CANDIDATE redis-02');
    expect(plan.blockers.find(({ code }) => code === 'NO_CANDIDATE')?.hint).toContain('failover redis-03');
    expect(plan.candidates?.find(({ node }) => node === 'redis-02')).toMatchObject({ isCandidate: false });
    expect(plan.candidates?.find(({ node }) => node === 'redis-02')?.reasons.join('; ')).toContain(reason);
    // Nobody named: the other one.
    expect(actionsOf(failover(undefined, healthy(cluster, { 'redis-02': seen })))[0]).toMatchObject({
      to: { name: 'redis-03' },
    });
  });

  it.each<readonly [string, readonly string[], readonly string[], string, string]>([
    ['the lowest replica-priority of Git', ['replica-priority 50'], ['replica-priority 10'], 'redis-01', 'redis-03'],
    ['Git’s nominee among equals', [], [], 'redis-03', 'redis-03'],
    ['the inventory’s order then', [], [], 'redis-01', 'redis-02'],
    ['none that Git excludes', ['replica-priority 0'], [], 'redis-02', 'redis-03'],
  ])('takes %s', (_, second, third, nominatedMaster, expected) => {
    const nodes = [one, desiredNode('redis-02', { lines: second }), desiredNode('redis-03', { lines: third })];
    const asked = desiredCluster({ nodes, change: { nominatedMaster } });
    expect(actionsOf(failover(undefined, healthy(cluster), asked))[0]).toMatchObject({ to: { name: expected } });
  });

  const versions = (...named: readonly string[]) =>
    healthy(
      cluster,
      Object.fromEntries(
        named.map((name, at) => {
          const [server, own = ''] = name.split(' ');
          const version = server === 'Valkey' ? { version: '7.2.4', valkeyVersion: own } : { version: own };
          return [`redis-0${at + 1}`, { redis: version }];
        }),
      ),
    );

  it.each<readonly [string, readonly [string, string, string], readonly string[]]>([
    [
      'a third node cannot load its snapshot',
      ['Redis 7.0.15', 'Redis 8.0.2', 'Redis 7.0.15'],
      ['REPLICA_TOO_OLD redis-03'],
    ],
    ['a third Valkey cannot', ['Valkey 8.1.1', 'Valkey 9.0.0', 'Valkey 8.1.1'], ['REPLICA_TOO_OLD redis-03']],
    [
      'a third node of the other server cannot',
      ['Redis 7.2.4', 'Redis 7.4.0', 'Valkey 8.1.1'],
      ['REPLICA_TOO_OLD redis-03'],
    ],
    ['the third can: Redis and Valkey of one format', ['Redis 7.2.4', 'Valkey 8.1.1', 'Redis 7.2.4'], []],
    ['only the old master is older: it is upgraded last', ['Redis 7.0.15', 'Redis 8.0.2', 'Redis 8.0.2'], []],
    ['all are of one version', ['Redis 8.0.2', 'Redis 8.0.2', 'Redis 8.0.2'], []],
  ])('to a newer node is refused where %s', (_, named, expected) => {
    expect(describeBlockers(failover('redis-02', versions(...named)))).toEqual(expected);
  });

  it('to a newer node says what the old master risks', () => {
    const { risks } = failover('redis-02', versions('Redis 7.0.15', 'Redis 8.0.2', 'Redis 8.0.2'));
    expect(risks.filter(({ code }) => code === 'REPLICA_TOO_OLD')).toMatchObject([
      {
        node: 'redis-01',
        message: expect.stringMatching(/Redis 7\.0\.15, which cannot load .* Redis 8\.0\.2 on redis-02/),
      },
    ]);
  });

  it('takes a node that the others can follow, where nobody is named', () => {
    const seen = versions('Redis 7.0.15', 'Redis 8.0.2', 'Redis 7.0.15');
    expect(actionsOf(failover(undefined, seen))[0]).toMatchObject({ to: { name: 'redis-03' } });
    expect(describeBlockers(failover(undefined, seen))).toEqual([]);
  });

  it('says which Valkey is older', () => {
    const { candidates } = failover('redis-02', versions('Valkey 9.0.0', 'Valkey 8.1.1', 'Valkey 9.0.0'));
    expect(candidates?.[1]?.reasons).toContain('runs 8.1.1, older than 9.0.0');
  });

  it('compares the settings that clients would notice', () => {
    const seen = healthy(cluster, {
      'redis-01': { redis: { aclUsers: [{ name: 'app', rules: 'on ~* +@all' }] } },
      'redis-02': {
        redis: {
          version: '7.2.4',
          configuration: running({ maxmemory: '100000000', save: '3600 1', 'min-replicas-to-write': '3' }),
          aclUsers: [{ name: 'other', rules: 'on' }],
        },
      },
    });
    const said = failover('redis-02', seen).risks.map(({ message }) => message);
    for (const text of [
      'maxmemory is 100000000, not 0',
      'save is 3600 1, not ""',
      'it runs 7.2.4, not 7.0.15',
      'it has no ACL user app',
      'it has an ACL user other more',
      'min-replicas-to-write is 3, and it would have 2 replicas',
    ])
      expect(said.some((message) => message.includes(text))).toBe(true);
  });

  it('moves nothing while a node is unknown, or replication is off', () => {
    const [first, second] = healthy(cluster);
    if (!first || !second) throw new Error('three nodes');
    expect(describeBlockers(failover('redis-02', [first, second, unreachable(three)]))).toEqual([
      'SSH_TIMEOUT redis-03',
    ]);
    const off = desiredCluster({ change: { replication: false } });
    expect(describeBlockers(failover('redis-02', healthy(off), off))).toContain('NO_CANDIDATE -');
    expect(() => failover('redis-09')).toThrow(/no node “redis-09”/);
  });

  it('names the new master in the file of a stopped replica too', () => {
    const [first, second] = healthy(cluster);
    if (!first || !second) throw new Error('three nodes');
    const plan = failover('redis-02', [first, second, stoppedFacts(three, { host: '10.0.0.123', port: 6379 })]);
    expect(describeBlockers(plan)).toEqual([]);
    expect(stepsOf(plan)[1]).toContain('redis-03 write-file');
  });

  it('is finished after a crash with the same candidate, wherever it died', () => {
    const rest = (seen: readonly NodeFacts[]) =>
      stepsOf(
        failoverOf('planned', cluster, seen, undefined, {
          previousMaster: 'redis-01',
          begun: true,
          target: 'redis-03',
        }),
      );
    const whole = [['redis-01 hand-over'], ['redis-01 write-file', 'redis-02 write-file', 'redis-03 write-file']];
    expect(rest(healthy(cluster))).toEqual(whole);
    // Promoted, and the old master not demoted.
    const promoted = { replicationId: 'b'.repeat(40), replicationId2: 'a'.repeat(40), offset: 900, secondOffset: 901 };
    const [first, second] = healthy(cluster);
    if (!first || !second) throw new Error('three nodes');
    const host = replicaFacts(three).host;
    expect(rest([first, second, masterFacts(three, { redis: promoted, host })])).toEqual(whole);
    // Moved, and every file written.
    const under = { redis: { master: link({ host: '10.0.0.125' }) } };
    const moved = [replicaFacts(one, under), replicaFacts(two, under), masterFacts(three)];
    expect(rest(moved)).toEqual([['redis-01 hand-over']]);
  });
});
