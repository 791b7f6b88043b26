import { createHash } from 'node:crypto';
import type { DesiredCluster, DesiredNode } from '../src/domain/desired.ts';
import { DIRECTIVES, SECRET_DIRECTIVES } from '../src/domain/redis/directives.ts';
import { DEFAULT_LIMITS } from '../src/domain/limits.ts';
import type { FileFacts, HostFacts, ReachableNode, RedisUp, UnitFacts, UnreachableNode } from '../src/domain/facts.ts';
import { askedToAnnounce } from '../src/domain/known-nodes.ts';
import type { MasterLink } from '../src/domain/replication/view.ts';
import { quoteArgument } from '../src/domain/text/arguments.ts';
import { RedisConf } from '../src/domain/redis/redis-conf.ts';
import { MANAGED } from '../src/domain/text/managed.ts';
import { Secret, SensitiveText } from '../src/domain/secret.ts';
import type { StartCommand } from '../src/domain/unit/start-command.ts';

/** Must appear in no plan, report or message. */
export const PASSWORD = 'canary-5up3r-s3cr3t';

const UNIT = 'redis-server.service';
const REDIS_CONF = '/etc/redis/redis.conf';
const DROP_IN = '/etc/systemd/system/redis-server.service.d/override.conf';

export interface NodeOptions {
  address?: string;
  redisPort?: number;
  password?: Secret | null;
  /** Extra lines of redis.conf. */
  lines?: readonly string[];
}

/** A node as made by `readDesired`: redis-01 is at 10.0.0.123. */
export function desiredNode(name: string, options: NodeOptions = {}): DesiredNode {
  const redisPort = options.redisPort ?? 6379;
  const address = options.address ?? `10.0.0.${122 + Number(name.slice(-2))}`;
  const folder = '/data/redis';
  const owner = { owner: 'redis', group: 'redis' };
  const dropIn = new SensitiveText(`${MANAGED}\n[Service]\nReadWritePaths=${folder}\n`);
  return {
    name,
    address,
    sshPort: 22,
    redisPort,
    packageName: 'redis-server',
    unit: UNIT,
    dataDirectory: folder,
    directories: [
      { path: folder, ...owner, mode: '750' },
      { path: `${folder}/appendonlydir`, ...owner, mode: '750' },
    ],
    redisConf: { path: REDIS_CONF, ...owner, mode: '640', content: redisConf(address, redisPort, options) },
    dropIn: { path: DROP_IN, owner: 'root', group: 'root', mode: '644', content: dropIn },
  };
}

function redisConf(address: string, port: number, { password, lines = [] }: NodeOptions): RedisConf {
  const secret = password ? quoteArgument(password.reveal()) : null;
  const said = [
    MANAGED,
    `bind 127.0.0.1 ${address}`,
    `protected-mode ${secret === null ? 'no' : 'yes'}`,
    `port ${port}`,
    'pidfile /run/redis/redis-server.pid',
    'logfile /var/log/redis/redis-server.log',
    'dir /data/redis',
    'dbfilename temp-sync.rdb',
    'save ""',
    'appendonly no',
    'repl-backlog-size 16mb',
    ...(secret === null ? [] : [`requirepass ${secret}`, `masterauth ${secret}`]),
    ...lines,
  ];
  return RedisConf.parse(new SensitiveText(`${said.join('\n')}\n`, password ? [password] : []));
}

export interface ClusterOptions extends NodeOptions {
  nodes?: readonly DesiredNode[];
  change?: Partial<DesiredCluster>;
}

/** Three nodes; redis-01 is nominated. */
export function desiredCluster({ nodes, change, ...options }: ClusterOptions = {}): DesiredCluster {
  const password = options.password ?? null;
  return {
    cluster: 'redis',
    revision: 'c0ffee',
    replication: true,
    sentinel: false,
    nominatedMaster: 'redis-01',
    ...(password ? { password, masterauth: password } : {}),
    nodes: nodes ?? ['redis-01', 'redis-02', 'redis-03'].map((name) => desiredNode(name, options)),
    policy: { requesters: [], approvers: [], allowOwnApproval: false, approvalMinutes: 30 },
    limits: DEFAULT_LIMITS,
    ...change,
  };
}

export function password(): Secret {
  return new Secret(PASSWORD);
}

export function present(change: Partial<Extract<FileFacts, { exists: true }>> = {}): FileFacts {
  return { exists: true, type: 'file', owner: 'redis', group: 'redis', mode: '640', size: 1000, ...change };
}

export function fileOf(content: SensitiveText, change: Partial<Extract<FileFacts, { exists: true }>> = {}): FileFacts {
  const sha256 = createHash('sha256').update(content.reveal()).digest('hex');
  return present({ sha256, content, size: content.reveal().length, ...change });
}

export function unit(change: Partial<UnitFacts> = {}): UnitFacts {
  return {
    loadState: 'loaded',
    activeState: 'active',
    subState: 'running',
    unitFileState: 'enabled',
    result: 'success',
    mainPid: 812,
    restarts: 0,
    needDaemonReload: false,
    dropInPaths: [DROP_IN],
    readWritePaths: ['-/var/lib/redis', '/data/redis'],
    protectSystem: 'strict',
    start: startOf(REDIS_CONF),
    jobPending: false,
    ...change,
  };
}

/** Debian’s own command. */
export function startOf(configFile: string | null, more: Readonly<Record<string, string>> = {}): StartCommand {
  const directives = new Map(Object.entries({ supervised: 'systemd', daemonize: 'no', ...more }));
  return { program: '/usr/bin/redis-server', redis: { configFile, directives } };
}

type Endpoint = { host: string; port: number } | null;

/** A host that matches Git, in the given role. */
export function host(node: DesiredNode, master: Endpoint, change: Partial<HostFacts> = {}): HostFacts {
  const folders = node.directories.map(({ path, owner, group, mode }) => {
    return [path, present({ type: 'directory', owner, group, mode })] as const;
  });
  const { redisConf, dropIn } = node;
  return {
    package: { installed: true, version: '5:7.0.15-1~deb12u10' },
    unit: unit(),
    files: new Map([
      ...folders,
      [redisConf.path, fileOf(redisConf.content.withRole(master))],
      [dropIn.path, fileOf(dropIn.content, { owner: 'root', group: 'root', mode: '644' })],
    ]),
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

/** CONFIG GET of a Redis started with a file. */
export function configurationOf(content: SensitiveText): ReadonlyMap<string, string> {
  const defaults = Object.entries(DIRECTIVES).flatMap(([name, info]) =>
    info.default === null || info.change === 'role' || SECRET_DIRECTIVES.has(name)
      ? []
      : [[name, info.default] as const],
  );
  const said = [...RedisConf.parse(content).values].flatMap(([name, value]) =>
    SECRET_DIRECTIVES.has(name) || name === 'replicaof' ? [] : [[name, value] as const],
  );
  return new Map([...defaults, ['supervised', 'systemd'], ...said]);
}

export const HISTORY = 'a'.repeat(40);

/** The Redis of a node that matches Git: a master with 1,000 keys. */
export function redis(node: DesiredNode, change: Partial<RedisUp> = {}): RedisUp {
  const conf = node.redisConf.content;
  const masterauth = conf.get('masterauth');
  return {
    state: 'up',
    version: '7.0.15',
    configFile: node.redisConf.path,
    runId: node.name.padEnd(40, '0'),
    processId: 812,
    role: 'master',
    replicationId: HISTORY,
    replicationId2: '0'.repeat(40),
    secondOffset: -1,
    offset: 1000,
    loading: false,
    master: null,
    replicas: [],
    keyspace: new Map([[0, change.keys ?? 1000]]),
    keys: 1000,
    usedMemoryBytes: 18_000_000,
    datasetBytes: 1_000_000,
    writeBytesPerSecond: 100,
    persistence: { rdbLastSaveOk: true, rdbSaveInProgress: false, aofEnabled: false, aofLastWriteOk: true },
    syncs: { full: 2, partialOk: 0, partialErr: 0 },
    resolved: new Map(),
    failoverInProgress: false,
    configuration: configurationOf(node.redisConf.content),
    ...(masterauth === undefined ? {} : { masterauth: new Secret(masterauth) }),
    requiresPassword: conf.get('requirepass') !== undefined,
    watchedBySentinel: false,
    ...change,
  };
}

export function link(change: Partial<MasterLink> = {}): MasterLink {
  return {
    host: '10.0.0.123',
    port: 6379,
    state: 'connected',
    up: true,
    lastIoSeconds: 1,
    syncInProgress: false,
    syncReadBytes: null,
    syncTotalBytes: null,
    syncLastIoSeconds: null,
    ...change,
  };
}

export interface Seen {
  redis?: Partial<RedisUp>;
  host?: Partial<HostFacts>;
}

export function masterFacts(node: DesiredNode, { redis: of = {}, host: on = {} }: Seen = {}): ReachableNode {
  const { name, address, redisPort } = node;
  return {
    reachable: true,
    name,
    address,
    redisPort,
    asked: askedToAnnounce(node),
    host: host(node, null, on),
    redis: redis(node, of),
  };
}

export function replicaFacts(node: DesiredNode, { redis: of = {}, host: on = {} }: Seen = {}): ReachableNode {
  const master = of.master ?? link();
  const facts = masterFacts(node, { redis: { role: 'replica', master, ...of } });
  return { ...facts, host: host(node, { host: master.host, port: master.port }, on) };
}

/** A node whose unit is stopped; otherwise it matches Git. */
export function stoppedFacts(node: DesiredNode, master: Endpoint, on: Partial<HostFacts> = {}): ReachableNode {
  const { name, address, redisPort } = node;
  const stopped = unit({ activeState: 'inactive', subState: 'dead', mainPid: 0 });
  return {
    reachable: true,
    name,
    address,
    redisPort,
    asked: askedToAnnounce(node),
    host: host(node, master, { unit: stopped, dataDirectoryWritable: 'unknown', ...on }),
    redis: { state: 'down', reason: 'nothing listens' },
  };
}

/** A host with nothing but Debian. */
export function bareFacts(node: DesiredNode): ReachableNode {
  const blank = unit({
    loadState: 'not-found',
    activeState: 'inactive',
    subState: 'dead',
    unitFileState: '',
    mainPid: 0,
    dropInPaths: [],
    readWritePaths: [],
    protectSystem: 'no',
    start: null,
  });
  return stoppedFacts(node, null, {
    package: { installed: false },
    unit: blank,
    files: new Map(),
    preflight: { ...host(node, null).preflight, apt: 'known' },
  });
}

export function unreachable(node: DesiredNode): UnreachableNode {
  const { name, address, redisPort } = node;
  return {
    reachable: false,
    name,
    address,
    redisPort,
    asked: askedToAnnounce(node),
    code: 'SSH_TIMEOUT',
    reason: 'it did not answer',
    hint: 'Is it up?',
  };
}

/** A healthy cluster: the first node is the others’ master. */
export function healthy(desired: DesiredCluster, change: Readonly<Record<string, Seen>> = {}): ReachableNode[] {
  const [first, ...others] = desired.nodes;
  if (!first) throw new Error('a cluster has nodes');
  const master = link({ host: first.address, port: first.redisPort });
  const attached = others.map(({ address, redisPort }) => {
    return { address, port: redisPort, state: 'online', offset: 1000, lagSeconds: 0 };
  });
  const ofMaster = change[first.name];
  return [
    masterFacts(first, { ...ofMaster, redis: { replicas: attached, ...ofMaster?.redis } }),
    ...others.map((node) => {
      const own = change[node.name];
      return replicaFacts(node, { ...own, redis: { master, ...own?.redis } });
    }),
  ];
}

/** Debian’s own redis.conf, without its comments (package redis-server 5:7.0.15-1~deb12u10). */
export const STOCK_REDIS_CONF = new SensitiveText(`# Redis configuration file example.
bind 127.0.0.1 -::1
protected-mode yes
port 6379
tcp-backlog 511
timeout 0
tcp-keepalive 300
daemonize yes
pidfile /run/redis/redis-server.pid
loglevel notice
logfile /var/log/redis/redis-server.log
databases 16
always-show-logo no
set-proc-title yes
proc-title-template "{title} {listen-addr} {server-mode}"
stop-writes-on-bgsave-error yes
rdbcompression yes
rdbchecksum yes
dbfilename dump.rdb
rdb-del-sync-files no
dir /var/lib/redis
replica-serve-stale-data yes
replica-read-only yes
repl-diskless-sync yes
repl-diskless-sync-delay 5
repl-diskless-sync-max-replicas 0
repl-diskless-load disabled
repl-disable-tcp-nodelay no
replica-priority 100
acllog-max-len 128
oom-score-adj no
oom-score-adj-values 0 200 800
disable-thp yes
appendonly no
appendfilename "appendonly.aof"
appenddirname "appendonlydir"
appendfsync everysec
auto-aof-rewrite-min-size 64mb
slowlog-max-len 128
notify-keyspace-events ""
client-output-buffer-limit normal 0 0 0
client-output-buffer-limit replica 256mb 64mb 60
client-output-buffer-limit pubsub 32mb 8mb 60
hz 10
jemalloc-bg-thread yes
`);

/** The cluster of most tests, and its nodes; redis-01 is nominated. */
export const [one, two, three] = [desiredNode('redis-01'), desiredNode('redis-02'), desiredNode('redis-03')];
export const cluster = desiredCluster({ nodes: [one, two, three] });
