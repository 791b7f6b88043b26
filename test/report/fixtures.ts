import type { FailoverRecord } from '../../src/domain/failover/failover-record.ts';
import type { Action, ActionKind, DeleteAside, WriteFile } from '../../src/domain/action.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { RunEvent } from '../../src/domain/run/event.ts';
import type { HostFacts, ReachableNode, RedisUp, UnreachableNode } from '../../src/domain/facts.ts';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { isFinal, type ApprovalRequest, type RunRecord, type RunResult } from '../../src/domain/run/run.ts';
import type { Verification } from '../../src/domain/verification.ts';
import { link } from '../builders.ts';

const MASTER_ADDRESS = '10.0.0.123';
const SENTINEL = { unit: 'redis-sentinel.service', port: 26_379, path: '/etc/redis/sentinel.conf' };
const NOTHING_ANNOUNCED = { host: null, port: null };
export const DIGEST = '3f9a1c2b4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8';
export const REVISION = '9c1f0e2d3b4a59687786a5b4c3d2e1f001122334';

export function desired(change: Partial<DesiredCluster> = {}): DesiredCluster {
  return {
    cluster: 'redis',
    revision: REVISION,
    replication: true,
    sentinel: false,
    nominatedMaster: 'redis-01',
    nodes: [],
    policy: { requesters: [], approvers: [], allowOwnApproval: false, approvalMinutes: 30 },
    limits: DEFAULT_LIMITS,
    ...change,
  };
}

export function host(change: Partial<HostFacts> = {}): HostFacts {
  return {
    package: { installed: true, version: '5:7.0.15-1~deb12u1' },
    unit: {
      loadState: 'loaded',
      activeState: 'active',
      subState: 'running',
      unitFileState: 'enabled',
      result: 'success',
      mainPid: 812,
      restarts: 0,
      needDaemonReload: false,
      dropInPaths: [],
      readWritePaths: ['/data/redis'],
      protectSystem: 'strict',
      start: null,
      jobPending: false,
    },
    files: new Map(),
    confParts: [],
    dataFiles: [],
    remains: [],
    masterHome: null,
    strayProcesses: [],
    otherRedis: [],
    dataDirectoryWritable: true,
    freeBytes: 20_000_000_000,
    memoryAvailableBytes: 3_000_000_000,
    preflight: {
      listeners: [],
      apt: null,
      memory: { overcommit: 'always', uncommittedBytes: 3_000_000_000 },
      clock: { leastAheadMs: -30, mostAheadMs: 30 },
    },
    log: [],
    ...change,
  };
}

export function redis(change: Partial<RedisUp> = {}): RedisUp {
  return {
    state: 'up',
    version: '7.0.15',
    configFile: '/etc/redis/redis.conf',
    runId: 'a'.repeat(40),
    processId: 812,
    role: 'master',
    replicationId: 'b'.repeat(40),
    replicationId2: '0'.repeat(40),
    secondOffset: -1,
    offset: 1_048_812,
    loading: false,
    master: null,
    replicas: [],
    keyspace: new Map([[0, 12_040]]),
    keys: 12_040,
    usedMemoryBytes: 18_000_000,
    datasetBytes: 1_000_000,
    writeBytesPerSecond: 100,
    persistence: { rdbLastSaveOk: true, rdbSaveInProgress: false, aofEnabled: false, aofLastWriteOk: true },
    syncs: { full: 2, partialOk: 0, partialErr: 0 },
    resolved: new Map(),
    failoverInProgress: false,
    configuration: new Map([
      ['save', ''],
      ['appendonly', 'no'],
      ['dir', '/data/redis'],
      ['dbfilename', 'temp-sync.rdb'],
      ['maxmemory', '268435456'],
      ['maxmemory-policy', 'allkeys-lru'],
      ['repl-diskless-sync', 'yes'],
      ['repl-backlog-size', '16777216'],
    ]),
    requiresPassword: true,
    watchedBySentinel: false,
    ...change,
  };
}

export function node(name: string, address: string, up: RedisUp, on: HostFacts = host()): ReachableNode {
  return { reachable: true, name, address, redisPort: 6379, asked: NOTHING_ANNOUNCED, host: on, redis: up };
}

export function master(change: Partial<RedisUp> = {}): ReachableNode {
  const replicas = ['10.0.0.124', '10.0.0.125'].map((address) => {
    return { address, port: 6379, state: 'online', offset: 1_048_812, lagSeconds: 0 };
  });
  return node('redis-01', MASTER_ADDRESS, redis({ replicas, ...change }));
}

export function replica(name: string, address: string, change: Partial<RedisUp> = {}): ReachableNode {
  return node(
    name,
    address,
    redis({
      role: 'replica',
      offset: 1_048_700,
      master: link({ host: MASTER_ADDRESS }),
      ...change,
    }),
    host({
      log: [
        '812:S 23 Nov 2025 01:44:10.101 * MASTER <-> REPLICA sync started',
        '812:S 23 Nov 2025 01:44:10.310 * MASTER <-> REPLICA sync: Finished with success',
      ],
    }),
  );
}

export function unreachable(name: string, address: string): UnreachableNode {
  return {
    reachable: false,
    name,
    address,
    redisPort: 6379,
    asked: NOTHING_ANNOUNCED,
    code: 'SSH_TIMEOUT',
    reason: 'no answer over SSH within 5 s',
    hint: 'Check that the host is up and the network works.',
  };
}

export const HEALTHY = [master(), replica('redis-02', '10.0.0.124'), replica('redis-03', '10.0.0.125')] as const;

interface Special {
  summary: string;
  disruptive?: boolean;
  reason?: string;
}

export function action(
  on: string,
  kind: ActionKind,
  { summary, disruptive = false, reason = 'as Git asks' }: Special,
): Action {
  const common = { node: on, summary, disruptive, reason };
  const endpoint = { host: MASTER_ADDRESS, port: 6379 };
  const unit = 'redis-server.service';
  switch (kind) {
    case 'install-package':
      return { ...common, kind, packageName: 'redis-server' };
    case 'stop-stray-process':
      return { ...common, kind, pid: 4711, startTicks: '99120' };
    case 'make-directory':
      return { ...common, kind, path: '/data/redis', owner: 'redis', group: 'redis', mode: '750' };
    case 'write-file':
      return writeFile(on, summary);
    case 'config-set':
      return { ...common, kind, changes: [{ directive: 'maxmemory', from: '268435456', to: '512mb', secret: false }] };
    case 'back-up':
      return { ...common, kind, keys: 1000 };
    case 'replicate':
    case 'await-link':
      return { ...common, kind, master: endpoint };
    case 'promote':
      return { ...common, kind, over: ['redis-01'] };
    case 'hand-over':
      return { ...common, kind, to: { name: 'redis-02', host: '10.0.0.124', port: 6379 } };
    case 'resync':
      return { ...common, kind, master: endpoint, mode: 'full' };
    case 'move-aside':
    case 'delete-aside':
      return { ...common, kind, directory: '/data/redis', folder: 'quarantine-redisops-0', files: [], folders: [] };
    case 'reset-failed':
    case 'enable-unit':
    case 'start-unit':
    case 'restart-unit':
      return { ...common, kind, unit };
    case 'daemon-reload':
      return { ...common, kind };
    case 'set-up-sentinel':
      return {
        ...common,
        kind,
        unit: 'redis-sentinel.service',
        port: 26_379,
        path: '/etc/redis/sentinel.conf',
        masterName: 'redis',
        master: endpoint,
        keepsState: false,
        others: 2,
        replicas: 2,
      };
    case 'sentinel-set':
      return { ...common, kind, port: 26_379, masterName: 'redis', changes: [] };
    case 'forget-master':
      return { ...common, kind, port: 26_379, masterName: 'redis' };
    case 'watch-master':
    case 'reset-sentinel':
      return {
        ...common,
        kind,
        port: 26_379,
        masterName: 'redis',
        master: { host: '10.0.0.123', port: 6379 },
        ghosts: ['replica 10.0.0.126:6379'],
        others: 2,
        replicas: 2,
      };
    case 'await-sentinels':
      return { ...common, kind, count: 3 };
    case 'stop-sentinel':
      return { ...common, kind, unit: 'redis-sentinel.service' };
    case 'pause-failover':
      return {
        ...common,
        kind,
        ...SENTINEL,
        pause: { master: 'redis', until: '2025-12-03T14:05:00Z', downAfterMs: 5000, by: 'anna', reason: 'new switch' },
      };
    case 'note-drained':
      return { ...common, kind, drained: { at: '2025-12-03T14:05:00Z', by: 'anna', line: null, running: '100' } };
    case 'resume-failover':
      return { ...common, kind, ...SENTINEL, masterName: 'redis', downAfterMs: 5000 };
  }
}

export function writeFile(on: string, summary: string, change: Partial<WriteFile> = {}): WriteFile {
  return {
    kind: 'write-file',
    node: on,
    summary,
    disruptive: false,
    reason: 'the file differs from Git',
    file: 'redis.conf',
    path: '/etc/redis/redis.conf',
    owner: 'redis',
    group: 'redis',
    mode: '640',
    replicaof: { host: MASTER_ADDRESS, port: 6379 },
    replaces: 'c'.repeat(64),
    diff: [
      { sign: ' ', text: 'dir /data/redis' },
      { sign: '-', text: 'maxmemory 256mb' },
      { sign: '+', text: 'maxmemory 512mb' },
      { sign: '…', text: '' },
      { sign: ' ', text: 'requirepass ••••••' },
    ],
    ...change,
  };
}

export function purgeOf(files: DeleteAside['files']): DeleteAside {
  return {
    kind: 'delete-aside',
    node: 'redis-02',
    summary: 'Delete files',
    disruptive: true,
    reason: 'There is no way back.',
    directory: '/data/redis',
    folders: ['quarantine-redisops-0'],
    files,
  };
}

/** The first rollout’s steps of one node. */
export function rollout(on: string): readonly Action[] {
  return [
    action(on, 'install-package', { summary: 'install redis-server' }),
    action(on, 'make-directory', { summary: 'make /data/redis, redis:redis 750' }),
    writeFile(on, 'write the drop-in override.conf', {
      path: '/etc/systemd/system/redis-server.service.d/override.conf',
    }),
    writeFile(on, 'write /etc/redis/redis.conf'),
    action(on, 'daemon-reload', { summary: 'reload systemd’s unit files' }),
    action(on, 'enable-unit', { summary: 'enable redis-server' }),
    action(on, 'start-unit', { summary: 'start redis-server' }),
    action(on, 'replicate', { summary: 'replicate from redis-01' }),
    action(on, 'await-link', { summary: 'wait for the link to redis-01' }),
  ];
}

export function plan(change: Partial<Plan> = {}): Plan {
  return {
    cluster: 'redis',
    revision: REVISION,
    goal: { kind: 'converge' },
    waves: [],
    blockers: [],
    risks: [],
    topology: {
      master: 'redis-01',
      nodes: [
        { name: 'redis-01', role: 'master', runId: null },
        { name: 'redis-02', role: 'replica', runId: null },
        { name: 'redis-03', role: 'replica', runId: null },
      ],
    },
    digest: DIGEST,
    ...change,
  };
}

export function maxmemoryPlan(): Plan {
  const change = (on: string): readonly Action[] => [
    writeFile(on, 'write /etc/redis/redis.conf'),
    action(on, 'config-set', { summary: 'CONFIG SET maxmemory' }),
  ];
  return plan({ waves: ['redis-02', 'redis-03', 'redis-01'].map((on) => ({ actions: change(on) })) });
}

export function resyncPlan(): Plan {
  return plan({
    goal: { kind: 'resync', node: 'redis-03' },
    waves: [
      {
        actions: [
          action('redis-03', 'resync', {
            summary: 'resync from redis-01',
            disruptive: true,
            reason: 'redis-03 drops its 12,040 keys and loads 17.2 MiB from redis-01; it answers no reads meanwhile.',
          }),
          action('redis-03', 'await-link', { summary: 'wait for the link to redis-01' }),
        ],
      },
    ],
    risks: [
      { code: null, node: 'redis-01', message: 'forks once for the synchronization; 2.8 GiB of memory are free' },
    ],
  });
}

export function verification(change: Partial<Verification> = {}): Verification {
  const probe = { value: 'OK-8c1f', matches: true, offsetLag: 0, refusedWrite: true };
  return {
    verdict: 'healthy',
    reasons: [],
    master: 'redis-01',
    key: 'redisops:probe:8c1f0a7d2b',
    acknowledged: 2,
    expected: 2,
    replicas: [
      { name: 'redis-02', latencyMs: 0.42, ...probe },
      { name: 'redis-03', latencyMs: 0.57, ...probe },
    ],
    ...change,
  };
}

export function result(change: Partial<RunResult> = {}): RunResult {
  return {
    run: 'merge-redis-9c1f0e2d3b4a',
    cluster: 'redis',
    goal: { kind: 'converge' },
    revision: REVISION,
    outcome: 'done',
    code: 'DONE',
    message: 'Done and verified with a write.',
    hint: null,
    plan: maxmemoryPlan(),
    nodes: ['redis-01', 'redis-02', 'redis-03'].map((name) => ({ name, ok: 2, changed: 2, failed: 0, skipped: 0 })),
    verification: verification(),
    durationMs: 412,
    ...change,
  };
}

/** A run that is done; without an end where its status is none. */
export function record(change: Partial<RunRecord> = {}): RunRecord {
  const open = { code: null, message: null, finishedAt: null, durationMs: null };
  const done = {
    code: 'DONE' as const,
    message: 'Done and verified with a write.',
    finishedAt: '2025-12-03T14:05:12.000Z',
    durationMs: 3120,
  };
  const status = change.status ?? 'done';
  return {
    run: 'merge-redis-9c1f0e2d3b4a',
    cluster: 'redis',
    goal: { kind: 'converge' },
    revision: REVISION,
    origin: { from: 'github', actor: 'ada', pullRequest: 12 },
    status,
    requestedAt: '2025-12-03T14:05:09.000Z',
    ...(isFinal(status) ? done : open),
    ...change,
  };
}

/** A failover by Sentinel whose old master is still away. */
export function failover(change: Partial<FailoverRecord> = {}): FailoverRecord {
  return {
    failover: 'f-20251123-120000-e4',
    cluster: 'redis',
    at: '2025-11-23T12:00:00.000Z',
    from: 'redis-01',
    to: 'redis-02',
    epoch: 4,
    cause: { kind: 'down', quorum: '2/2' },
    votes: [{ by: 'redis-02', leader: 'redis-02' }],
    sentinels: 3,
    givenUp: null,
    noWritesMs: 2500,
    lackedBytes: 0,
    old: { state: 'away', backAt: null, masterMs: 0, sync: null },
    clients: [],
    after: null,
    closedAt: null,
    acknowledged: null,
    pullRequest: null,
    wayBack: null,
    message: null,
    shown: null,
    ...change,
  };
}

export function approval(change: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id: 'run-20251203-1405-a1b2c3',
    run: 'run-20251203-1405-a1b2c3',
    cluster: 'redis',
    plan: resyncPlan(),
    requester: { from: 'slack', actor: 'U024BE7LH' },
    expiresAt: '2025-12-03T14:35:00.000Z',
    ...change,
  };
}

/** A first rollout: redis-01 done, redis-02 in its synchronization, redis-03 not begun. */
export function rolloutEvents(): readonly RunEvent[] {
  const waves = ['redis-01', 'redis-02', 'redis-03'].map((on) => ({ actions: rollout(on) }));
  const whole = plan({ waves });
  const actions = waves.flatMap((wave) => wave.actions);
  const of = actions.length;
  const finished = actions.slice(0, 17).flatMap((each, at): RunEvent[] => [
    { kind: 'step-started', step: at + 1, of, action: each },
    { kind: 'step-finished', step: at + 1, of, action: each, changed: true, durationMs: 40 + at * 12 },
  ]);
  const waiting = actions[17] ?? action('redis-02', 'await-link', { summary: 'wait' });
  const progress = { message: 'loading', doneBytes: 84_000_000, totalBytes: 268_435_456 };
  return [
    { kind: 'planned', plan: whole },
    ...finished,
    { kind: 'step-started', step: 18, of, action: waiting },
    { kind: 'step-progress', step: 18, of, action: waiting, progress },
  ];
}
