import type {
  Action,
  ConfigSet,
  DeleteAside,
  HandOver,
  MoveAside,
  Promote,
  WriteFile,
} from '../../src/domain/action.ts';
import type { DesiredCluster, DesiredNode } from '../../src/domain/desired.ts';
import type { FileFacts, NodeFacts, ReachableNode, RedisUp } from '../../src/domain/facts.ts';
import { actionsOf, type Plan } from '../../src/domain/plan.ts';
import { RedisConf } from '../../src/domain/redis/redis-conf.ts';
import type { Remain } from '../../src/domain/redis/remains.ts';
import { Secret } from '../../src/domain/secret.ts';
import { configurationOf, fileOf, HISTORY, link, present, redis, unit } from '../builders.ts';

/** What the nodes would look like after the plan, had every step done what it says. */
export function afterPlan(plan: Plan, desired: DesiredCluster, seen: readonly NodeFacts[]): readonly NodeFacts[] {
  const facts = new Map(seen.map((each) => [each.name, each]));
  for (const action of actionsOf(plan)) {
    const before = facts.get(action.node);
    const node = desired.nodes.find(({ name }) => name === action.node);
    if (!before?.reachable || !node) throw new Error(`a step on ${action.node}, which was not read`);
    facts.set(action.node, afterStep(action, before, node, desired));
    if (action.kind === 'hand-over') handOver(action, facts);
  }
  const after = desired.nodes.flatMap(({ name }) => facts.get(name) ?? []).map(synchronized);
  return after.map((each) => asItsMaster(each, after));
}

/** A replica in sync has its master’s data, and its history. */
function asItsMaster(facts: NodeFacts, all: readonly NodeFacts[]): NodeFacts {
  if (!facts.reachable || facts.redis.state !== 'up') return facts;
  const link = facts.redis.master;
  const master = all.find(({ address, name }) => address === link?.host || name === link?.host);
  if (!link?.up || link.syncInProgress || !master?.reachable || master.redis.state !== 'up') return facts;
  const { replicationId, keys, keyspace } = master.redis;
  return { ...facts, redis: { ...facts.redis, replicationId, keys, keyspace } };
}

function handOver({ node: old, to }: HandOver, facts: Map<string, NodeFacts>): void {
  for (const [name, each] of facts) {
    if (!each.reachable || each.redis.state !== 'up' || name === old) continue;
    const replicas = [...facts.values()]
      .filter((other) => other.name !== name)
      .map((other) => ({ address: other.address, port: 6379, state: 'online', offset: 0, lagSeconds: 0 }));
    const redis: RedisUp =
      name === to.name
        ? { ...each.redis, role: 'master', master: null, replicas }
        : { ...each.redis, master: link(to) };
    facts.set(name, { ...each, redis });
  }
}

/** Synchronizations that ran have ended by then. */
function synchronized(facts: NodeFacts): NodeFacts {
  if (!facts.reachable || facts.redis.state !== 'up' || !facts.redis.master?.syncInProgress) return facts;
  const { redis: running } = facts;
  const ended = link({ ...facts.redis.master, up: true, syncInProgress: false });
  return { ...facts, redis: { ...running, loading: false, replicationId: HISTORY, master: ended } };
}

function afterStep(action: Action, facts: ReachableNode, node: DesiredNode, desired: DesiredCluster): ReachableNode {
  const { host } = facts;
  const onUnit = (change: Partial<typeof host.unit>): ReachableNode => {
    return { ...facts, host: { ...host, unit: { ...host.unit, ...change } } };
  };
  switch (action.kind) {
    case 'install-package':
      return {
        ...facts,
        host: {
          ...host,
          package: { installed: true, version: '5:7.0.15-1~deb12u10' },
          // The package brings its unit.
          unit: { ...host.unit, loadState: 'loaded' },
        },
      };
    case 'stop-stray-process':
      return {
        ...facts,
        host: { ...host, strayProcesses: host.strayProcesses.filter(({ pid }) => pid !== action.pid) },
        redis:
          facts.redis.state === 'up' && facts.redis.processId === action.pid
            ? { state: 'down', reason: 'stopped' }
            : facts.redis,
      };
    case 'make-directory': {
      const folder = present({ type: 'directory', owner: action.owner, group: action.group, mode: action.mode });
      const files = new Map([...host.files, [action.path, folder] as const]);
      const owned = host.unit.readWritePaths.includes(node.dataDirectory);
      return { ...facts, host: { ...host, files, dataDirectoryWritable: owned || host.dataDirectoryWritable } };
    }
    case 'write-file':
      if (shaOf(host.files.get(action.path)) !== action.replaces) throw new Error(`${action.path} is another one`);
      return {
        ...facts,
        host: { ...host, files: new Map([...host.files, [action.path, written(action, node)] as const]) },
      };
    case 'daemon-reload':
      return onUnit({
        needDaemonReload: false,
        loadState: 'loaded',
        protectSystem: 'strict',
        dropInPaths: [node.dropIn.path],
        readWritePaths: [node.dataDirectory],
      });
    case 'enable-unit':
      return onUnit({ unitFileState: 'enabled' });
    case 'reset-failed':
      return onUnit({ activeState: 'inactive', result: 'success' });
    case 'start-unit':
      return started(facts, node, 0);
    case 'restart-unit':
      return started(facts, node, action.data?.kept ? up(facts).keys : 0);
    case 'config-set':
      return { ...facts, redis: { ...up(facts), ...configured(action, up(facts), desired) } };
    case 'back-up':
    case 'set-up-sentinel':
    case 'sentinel-set':
    case 'forget-master':
    case 'watch-master':
    case 'reset-sentinel':
    case 'await-sentinels':
    case 'stop-sentinel':
    case 'pause-failover':
    case 'resume-failover':
    case 'note-drained':
      return facts;
    case 'replicate':
      return { ...facts, redis: { ...up(facts), role: 'replica', master: link({ ...action.master, up: false }) } };
    case 'promote':
      return promoted(action, facts);
    case 'hand-over':
      return { ...facts, redis: { ...up(facts), role: 'replica', master: link(action.to), replicas: [] } };
    case 'move-aside':
    case 'delete-aside':
      return { ...facts, host: { ...host, remains: afterPurge(action, host.remains) } };
    case 'await-link':
    case 'resync':
      return { ...facts, redis: { ...up(facts), loading: false, master: link(action.master), replicationId: HISTORY } };
  }
}

/** A new history, which continues the one before. */
function promoted({ node, over }: Promote, facts: ReachableNode): ReachableNode {
  const before = up(facts);
  const replicationId = before.role === 'master' ? before.replicationId : 'd'.repeat(40);
  const continues = { replicationId2: before.replicationId, secondOffset: before.offset + 1 };
  const redis: RedisUp = {
    ...before,
    ...(before.role === 'master' ? {} : continues),
    role: 'master',
    master: null,
    replicationId,
  };
  return { ...facts, host: { ...facts.host, masterHome: { node, replicationId, over } }, redis };
}

function afterPurge(action: MoveAside | DeleteAside, remains: readonly Remain[]): readonly Remain[] {
  if (action.kind === 'delete-aside') {
    const gone = new Set(action.files.map(({ aside }) => aside));
    return remains.filter(({ path }) => !gone.has(path) && !action.folders.some((folder) => path.startsWith(folder)));
  }
  const paths = new Set(action.files.map(({ path }) => path));
  const { folder } = action;
  const beside = { bytes: 100, modified: '1764770001.5', keys: null };
  return [
    ...remains.map((remain) => (paths.has(remain.path) ? { ...remain, path: `${folder}/${remain.path}` } : remain)),
    { ...beside, path: folder, type: 'directory' },
    { ...beside, path: `${folder}/manifest.json`, type: 'file' },
  ];
}

function shaOf(file: FileFacts | undefined): string | null {
  return file?.exists ? (file.sha256 ?? null) : null;
}

function written(action: WriteFile, node: DesiredNode) {
  const { redisConf, dropIn } = node;
  const content = action.file === 'redis.conf' ? redisConf.content.withRole(action.replicaof) : dropIn.content;
  return fileOf(content, { owner: action.owner, group: action.group, mode: action.mode });
}

function started(facts: ReachableNode, node: DesiredNode, keys: number): ReachableNode {
  const { host } = facts;
  const conf = host.files.get(node.redisConf.path);
  if (!conf?.exists || !conf.content) throw new Error('started without its file');
  const content = RedisConf.parse(conf.content);
  const { replicaof } = content;
  const role = replicaof ? { role: 'replica' as const, master: link({ ...replicaof, up: false }) } : {};
  return {
    ...facts,
    host: {
      ...host,
      unit: unit({ unitFileState: host.unit.unitFileState, readWritePaths: host.unit.readWritePaths }),
      dataDirectoryWritable: true,
    },
    redis: redis(node, { keys, replicationId: HISTORY, configuration: configurationOf(content), ...role }),
  };
}

function configured(action: ConfigSet, running: RedisUp, desired: DesiredCluster): Partial<RedisUp> {
  const secrets = new Set(action.changes.filter(({ secret }) => secret).map(({ directive }) => directive));
  const shown = action.changes.flatMap(({ directive, to, secret }) => (secret ? [] : [[directive, to] as const]));
  const { masterauth, ...rest } = running;
  const then = secrets.has('masterauth') ? desired.masterauth : masterauth;
  return {
    ...rest,
    ...(then ? { masterauth: new Secret(then.reveal()) } : {}),
    requiresPassword: running.requiresPassword || secrets.has('requirepass'),
    configuration: new Map([...running.configuration, ...shown]),
  };
}

function up({ name, redis: facts }: ReachableNode): RedisUp {
  if (facts.state !== 'up') throw new Error(`Redis on ${name} does not run`);
  return facts;
}
