import fc from 'fast-check';
import type { DesiredCluster, DesiredNode } from '../../src/domain/desired.ts';
import type { HostFacts, NodeFacts } from '../../src/domain/facts.ts';
import {
  bareFacts,
  desiredCluster,
  fileOf,
  healthy,
  host,
  link,
  masterFacts,
  password,
  present,
  replicaFacts,
  STOCK_REDIS_CONF,
  stoppedFacts,
  unit,
  unreachable,
} from '../builders.ts';

export interface Scene {
  desired: DesiredCluster;
  seen: readonly NodeFacts[];
}

const NAMES = ['redis-01', 'redis-02', 'redis-03'];
const HISTORIES = ['a', 'b', 'c'].map((letter) => letter.repeat(40));
const ADDRESSES = ['10.0.0.123', '10.0.0.124', '10.0.0.125'];

const lines = fc.subarray(['maxmemory 256mb', 'databases 32', 'appendonly yes', 'timeout 10', 'save 900 1']);

const wish = fc.record({
  lines,
  secret: fc.boolean(),
  replication: fc.constantFrom(true, true, true, false),
  nominated: fc.constantFrom(...NAMES),
});

const node = fc.record({
  state: fc.constantFrom(
    'unreachable',
    'unreadable',
    'bare',
    'stopped',
    'stopped',
    ...ofWeight('master', 3),
    ...ofWeight('replica', 5),
  ),
  /** Of a replica, and of the file of a stopped node. */
  master: fc.constantFrom(...ADDRESSES, ...ADDRESSES, '10.9.9.9', 'redis-01'),
  hasRole: fc.boolean(),
  up: fc.boolean(),
  syncing: fc.constantFrom(false, false, true),
  keys: fc.constantFrom(0, 0, 5, 1000),
  history: fc.constantFrom(...HISTORIES),
  history2: fc.constantFrom(...HISTORIES),
  watched: fc.constantFrom(false, false, false, true),
  loading: fc.constantFrom(false, false, false, true),
  requiresPassword: fc.boolean(),
  outside: fc.boolean(),
  owned: fc.boolean(),
  stray: fc.constantFrom(false, false, false, true),
  failed: fc.boolean(),
  stock: fc.boolean(),
  data: fc.boolean(),
});

type Recipe<A> = A extends fc.Arbitrary<infer T> ? T : never;

function ofWeight<T>(value: T, times: number): T[] {
  return Array.from({ length: times }, () => value);
}

/** Clusters in any state, as likely broken as not. A recipe: what fails is short enough to read. */
export const anyScene = fc.record({ wish, nodes: fc.tuple(node, node, node) });

/** Clusters that work, with differences that a change of Git makes. */
export const changeScene = fc.record({
  wish,
  keys: fc.constantFrom(0, 1000),
  before: lines,
  bare: fc.subarray(NAMES.slice(1)),
});

export const eitherScene = fc.oneof(anyScene, changeScene);

export function sceneOf(recipe: Recipe<typeof eitherScene>): Scene {
  const { secret, replication, nominated, lines: further } = recipe.wish;
  const desired = desiredCluster({
    lines: further,
    password: secret ? password() : null,
    change: { replication, nominatedMaster: nominated },
  });
  if ('nodes' in recipe)
    return { desired, seen: recipe.nodes.flatMap((each, index) => factsOf(each, desired.nodes[index])) };
  const old = desiredCluster({ lines: recipe.before });
  const seen = healthy(old, Object.fromEntries(NAMES.map((name) => [name, { redis: { keys: recipe.keys } }])));
  return {
    desired: { ...desired, replication: true, nominatedMaster: 'redis-01' },
    seen: desired.nodes.flatMap((each, index) =>
      recipe.bare.includes(each.name) ? bareFacts(each) : (seen[index] ?? []),
    ),
  };
}

function factsOf(recipe: Recipe<typeof node>, of: DesiredNode | undefined): NodeFacts[] {
  if (!of) return [];
  const on = hostOf(recipe, of);
  const running = {
    keys: recipe.keys,
    replicationId: recipe.history,
    replicationId2: recipe.history2,
    watchedBySentinel: recipe.watched,
    loading: recipe.loading,
    requiresPassword: recipe.requiresPassword,
    processId: recipe.stray ? 99 : 812,
  };
  switch (recipe.state) {
    case 'unreachable':
      return [unreachable(of)];
    case 'unreadable':
      return [{ ...masterFacts(of), redis: { state: 'unreadable', code: 'REDIS_TIMEOUT', reason: 'it hangs' } }];
    case 'bare':
      return [bareFacts(of)];
    case 'stopped':
      return [stopped(recipe, of, on)];
    case 'master':
      return [masterFacts(of, { host: on, redis: running })];
    default: {
      const { master: address, up, syncing: syncInProgress } = recipe;
      const master = link({ host: address, up, syncInProgress, state: up ? 'connected' : 'connect' });
      return [replicaFacts(of, { host: on, redis: { ...running, master } })];
    }
  }
}

function stopped({ failed, hasRole, master }: Recipe<typeof node>, of: DesiredNode, on: Partial<HostFacts>): NodeFacts {
  const state = unit({ activeState: failed ? 'failed' : 'inactive', subState: 'dead', mainPid: 0 });
  const asReplica = [...host(of, { host: master, port: 6379 }).files].filter(([path]) => path === of.redisConf.path);
  const files = new Map([...(on.files ?? []), ...(hasRole ? asReplica : [])]);
  return stoppedFacts(of, null, { ...on, files, unit: state, dataDirectoryWritable: 'unknown' });
}

function hostOf({ outside, owned, stray, stock, data }: Recipe<typeof node>, of: DesiredNode): Partial<HostFacts> {
  const files = new Map(host(of, null).files);
  if (!owned) files.set(of.dataDirectory, present({ type: 'directory', owner: 'root', group: 'root', mode: '755' }));
  if (stock) files.set(of.redisConf.path, fileOf(STOCK_REDIS_CONF));
  return {
    files,
    dataFiles: data ? [{ path: '/data/redis/temp-sync.rdb', bytes: 1000, keys: null, ageSeconds: 60 }] : [],
    dataDirectoryWritable: !outside && owned,
    unit: unit({ readWritePaths: outside ? ['/var/lib/redis'] : ['/data/redis'] }),
    masterHome: null,
    strayProcesses: stray ? [{ pid: 99, command: '/usr/bin/redis-server *:6379', startTicks: '1' }] : [],
  };
}
