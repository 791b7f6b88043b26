import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driftFingerprint, type Drift } from '../../../src/domain/drift/drift.ts';
import type { HostFacts, NodeFacts, RedisUp } from '../../../src/domain/facts.ts';
import { actionsOf } from '../../../src/domain/plan.ts';
import { Secret, SensitiveText } from '../../../src/domain/secret.ts';
import { driftOf } from '../../../src/plan/drift/drift.ts';
import {
  bareFacts,
  configurationOf,
  desiredCluster,
  fileOf,
  healthy,
  link,
  masterFacts,
  PASSWORD,
  password,
  present,
  replicaFacts,
  stoppedFacts,
  unit,
  unreachable,
} from '../../builders.ts';
import { eitherScene, sceneOf } from '../arbitrary-cluster.ts';
import { planOf } from '../look.ts';

const LINES = ['maxmemory 256mb', 'databases 16'];
const DESIRED = desiredCluster({ lines: LINES, password: password() });
const SECOND = DESIRED.nodes[1] ?? bug();
const CONF = SECOND.redisConf.content.withRole({ host: '10.0.0.123', port: 6379 });

function bug(): never {
  throw new Error('there is no such node');
}

/** `redis-02 running maxmemory: 256mb | 100`: Git’s value, then the node’s. */
function told({ node, kind, subject, git, actual }: Drift): string {
  return `${node} ${kind} ${subject}: ${git} | ${actual}`;
}

/** All three as Git asks, but for redis-02. */
function withSecond(change: { redis?: Partial<RedisUp>; host?: Partial<HostFacts> }): readonly NodeFacts[] {
  return healthy(DESIRED, { 'redis-02': change });
}

function running(values: Readonly<Record<string, string>>): Partial<RedisUp> {
  return { configuration: new Map([...configurationOf(SECOND.redisConf.content), ...Object.entries(values)]) };
}

function files(path: string, content: SensitiveText, change: Parameters<typeof fileOf>[1] = {}): Partial<HostFacts> {
  const facts = replicaFacts(SECOND);
  return { files: new Map([...facts.host.files, [path, fileOf(content, change)]]) };
}

const OF_ROOT = { owner: 'root', group: 'root', mode: '644' };

describe('drift', () => {
  it('is empty if the nodes match Git', () => {
    expect(driftOf(DESIRED, healthy(DESIRED, {}))).toEqual({
      cluster: 'redis',
      revision: 'c0ffee',
      drifts: [],
      unread: [],
      obstacles: [],
    });
  });

  const conf = (edit: (text: string) => string) => files(SECOND.redisConf.path, CONF.map(edit));
  const dropIn = (text: string) => files(SECOND.dropIn.path, new SensitiveText(text), OF_ROOT);
  const cases: [string, Parameters<typeof withSecond>[0], readonly string[]][] = [
    ['CONFIG SET by hand', { redis: running({ maxmemory: '1048576' }) }, ['running maxmemory: 256mb | 1048576']],
    ['the same value, written otherwise', { redis: running({ maxmemory: '268435456' }) }, []],
    ['CONFIG SET of what the file leaves open', { redis: running({ timeout: '7' }) }, ['running timeout: 0 | 7']],
    [
      'a file that was edited, and not loaded',
      { host: conf((text) => text.replace('256mb', '1gb')) },
      ['file maxmemory: 256mb | 1gb'],
    ],
    [
      'a file that was edited, and is loaded',
      { host: conf((text) => `${text}timeout 7\n`), redis: running({ timeout: '7' }) },
      ['file timeout: not set | 7', 'running timeout: 0 | 7'],
    ],
    [
      'file and process that differ in other ways',
      { host: conf((text) => text.replace('256mb', '1gb')), redis: running({ maxmemory: '5' }) },
      ['file maxmemory: 256mb | 1gb', 'running maxmemory: 256mb | 5'],
    ],
    [
      'a line that is gone from the file',
      { host: conf((text) => text.replace('maxmemory 256mb\n', '')) },
      ['file maxmemory: 256mb | not set'],
    ],
    ['a comment in redis.conf, which Redis does not act on', { host: conf((text) => `# by hand\n${text}`) }, []],
    [
      'a line with quotes that are not closed',
      { host: conf((text) => `syslog-ident "torn\n${text}`) },
      ['file line 1: readable | quotes that are not closed'],
    ],
    [
      'a comment in the drop-in',
      {
        host: files(
          SECOND.dropIn.path,
          SECOND.dropIn.content.map((text) => `# by hand\n${text}`),
          OF_ROOT,
        ),
      },
      ['drop-in text: as Git has it | the same settings, written differently'],
    ],
    [
      'another password in the file',
      { host: conf((text) => text.replace(/^requirepass .*$/m, 'requirepass other')) },
      ['file requirepass: •••••• | •••••• (another)'],
    ],
    [
      'another password for the master',
      { redis: { masterauth: new Secret('other') } },
      ['running masterauth: •••••• | ••••••'],
    ],
    [
      'the role gone from the file',
      { host: files(SECOND.redisConf.path, SECOND.redisConf.content.withRole(null)) },
      ['file replicaof: 10.0.0.123 6379 | not set'],
    ],
    [
      'owner and mode of the file',
      { host: files(SECOND.redisConf.path, CONF, { owner: 'root', mode: '644' }) },
      ['file /etc/redis/redis.conf owner: redis:redis | root:redis', 'file /etc/redis/redis.conf mode: 640 | 644'],
    ],
    [
      'a file that cannot be read',
      { host: { files: new Map([[SECOND.redisConf.path, present({ sha256: 'x' })]]) } },
      [
        'directory /data/redis: redis:redis 750 | absent',
        'directory /data/redis/appendonlydir: redis:redis 750 | absent',
        'file /etc/redis/redis.conf: as Git has it | different text, not readable by the redis user',
        'drop-in /etc/systemd/system/redis-server.service.d/override.conf: present | absent',
      ],
    ],
    [
      'an edited drop-in',
      { host: dropIn('[Service]\nReadWritePaths=/data\nReadWritePaths=/srv\nUMask=0000\n[Unit]\nAfter=x\n') },
      [
        'drop-in ReadWritePaths: /data/redis | /data /srv',
        'drop-in UMask: not set | 0000',
        'drop-in [Unit] After: not set | x',
      ],
    ],
    [
      'a drop-in of somebody else’s, not of a package',
      {
        host: {
          unit: unit({
            dropInPaths: [
              SECOND.dropIn.path,
              '/etc/systemd/system/redis-server.service.d/local.conf',
              '/usr/lib/systemd/system/service.d/10-timeout.conf',
            ],
          }),
        },
      },
      ['drop-in /etc/systemd/system/redis-server.service.d/local.conf: absent | present'],
    ],
    [
      'the unit',
      { host: { unit: unit({ unitFileState: 'disabled', needDaemonReload: true }) } },
      [
        'unit redis-server.service at boot: enabled | disabled',
        'unit redis-server.service files: loaded | changed on disk since systemd loaded them',
      ],
    ],
    [
      'a process that systemd does not own',
      { host: { strayProcesses: [{ pid: 99, command: '/usr/bin/redis-server *:6380', startTicks: '1' }] } },
      ['process process 99: none beside the unit’s | /usr/bin/redis-server *:6380'],
    ],
    [
      'a replica of another node',
      { redis: { master: link({ host: '10.0.0.125' }) }, host: files(SECOND.redisConf.path, CONF) },
      ['role role: replica of 10.0.0.123:6379 | replica of 10.0.0.125:6379'],
    ],
    [
      'a replica that became a master of nothing',
      { redis: { role: 'master', keys: 0 }, host: files(SECOND.redisConf.path, CONF) },
      ['role role: replica of 10.0.0.123:6379 | master'],
    ],
  ];

  it.each(cases)('by %s', (_, change, drifts) => {
    const seen = withSecond(change).map((facts) => {
      if (facts.name !== 'redis-02' || !facts.reachable || change.redis?.role !== 'master') return facts;
      return masterFacts(SECOND, { redis: { ...change.redis }, host: change.host ?? {} });
    });
    expect(driftOf(DESIRED, seen).drifts.map(told)).toEqual(drifts.map((drift) => `redis-02 ${drift}`));
  });

  it('of the nominated master is reported, and followed: the files are as the nodes’ roles are', () => {
    const nominated = desiredCluster({ change: { nominatedMaster: 'redis-02' } });
    const { drifts } = driftOf(nominated, healthy(desiredCluster(), {}));
    expect(drifts).toMatchObject([
      { node: 'redis-01', kind: 'role', git: 'redis-02', actual: 'redis-01', byApply: false },
    ]);
    expect(planOf(nominated, healthy(desiredCluster(), {})).waves).toEqual([]);
  });

  it('of a unit that failed names its result', () => {
    const failed = unit({ activeState: 'failed', subState: 'failed', result: 'exit-code', mainPid: 0 });
    const seen = healthy(DESIRED, {}).map((facts) =>
      facts.name === 'redis-02' ? stoppedFacts(SECOND, { host: '10.0.0.123', port: 6379 }, { unit: failed }) : facts,
    );
    expect(driftOf(DESIRED, seen).drifts.map(told)).toEqual([
      'redis-02 unit redis-server.service: active | failed (exit-code)',
    ]);
  });

  it('of a bare host is what it has not', () => {
    const seen = healthy(DESIRED, {}).map((facts) => (facts.name === 'redis-02' ? bareFacts(SECOND) : facts));
    expect(driftOf(DESIRED, seen).drifts.map(({ kind, actual }) => `${kind} ${actual}`)).toEqual([
      'package absent',
      'directory absent',
      'directory absent',
      'file absent',
      'drop-in absent',
      'unit inactive (dead)',
      'unit unknown to systemd',
    ]);
  });

  it('is unknown of a node that cannot be read', () => {
    const seen = healthy(DESIRED, {}).map((facts) => (facts.name === 'redis-02' ? unreachable(SECOND) : facts));
    const { drifts, unread } = driftOf(DESIRED, seen);
    expect([drifts, unread.map(({ node }) => node)]).toEqual([[], ['redis-02']]);
  });

  it('names what would block an apply', () => {
    const seen = withSecond({ redis: { ...running({ maxmemory: '5' }), loading: true } });
    expect(driftOf(DESIRED, seen).obstacles).toEqual(['redis-02 is loading its data.']);
  });
});

describe('in any state of a cluster', () => {
  it('there is something to apply exactly if an apply would do something', () => {
    fc.assert(
      fc.property(eitherScene, (recipe) => {
        const { desired, seen } = sceneOf(recipe);
        const plan = planOf(desired, seen);
        const { drifts, unread, obstacles } = driftOf(desired, seen);
        fc.pre(plan.blockers.length === 0);
        const changes = actionsOf(plan).filter(({ kind }) => kind !== 'await-link');
        expect([drifts.some(({ byApply }) => byApply), unread, obstacles]).toEqual([changes.length > 0, [], []]);
      }),
      { numRuns: 150 },
    );
  });

  it('every node that cannot be read is named, and no secret is', () => {
    fc.assert(
      fc.property(eitherScene, (recipe) => {
        const { desired, seen } = sceneOf(recipe);
        const look = driftOf(desired, seen);
        const unread = seen.filter((facts) => !facts.reachable || facts.redis.state === 'unreadable');
        expect(look.unread.map(({ node }) => node)).toEqual(unread.map(({ name }) => name));
        expect(JSON.stringify(look)).not.toContain(PASSWORD);
        expect(driftFingerprint({ ...look, drifts: look.drifts.toReversed() })).toBe(driftFingerprint(look));
      }),
      { numRuns: 100 },
    );
  });
});
