import { didYouMean } from '../../domain/text/nearest.ts';
import type { ServerName } from '../../domain/server/server.ts';
import type { Secret } from '../../domain/secret.ts';
import { quoted } from '../../jinja/index.ts';
import type { Problems } from '../source/problems.ts';
import { destinationOf } from './connection-variables.ts';
import { readDirectives, type WantedDirective } from './redis-config.ts';
import {
  readAddress,
  readBind,
  readBoolean,
  readFolder,
  readMemory,
  readPassword,
  readEvictionPolicy,
  readPort,
  readServer,
  readText,
  type Read,
} from './variable-value.ts';
import { isNothing, type Entry, type Value } from '../yaml/value.ts';

/** The effective variables, by name. */
export type Variables = ReadonlyMap<string, Entry>;

/** `redis_*` variables of the cluster. */
export interface ClusterVariables {
  replication: boolean;
  sentinel: boolean;
  masterHost: string | null;
  masterAddress: string | null;
  password: Secret | null;
  masterauth: Secret | null;
}

/** `redis_*` variables of a node. */
export interface NodeVariables {
  /** `redis_server`; null where Git does not say. */
  server: ServerName | null;
  port: number;
  folder: string;
  bind: readonly string[] | null;
  maxmemory: string | null;
  maxmemoryPolicy: string | null;
  backlogSize: string;
  disklessSync: boolean;
  directives: readonly WantedDirective[];
  /** Directives without variables: the values above are redisops’ defaults. */
  unsaid: ReadonlySet<string>;
}

const OF_THE_CLUSTER = [
  'redis_enable_replication',
  'redis_enable_sentinel',
  'redis_master_host',
  'redis_master_ip',
  'redis_password',
  'redis_masterauth',
  'redis_sentinel_quorum',
  'redis_sentinel_down_after',
  'redis_sentinel_failover_timeout',
  'redis_sentinel_parallel_syncs',
  'redis_sentinel_port',
  'redis_sentinel_password',
  'redis_sentinel_master_name',
  'redis_sentinel_group',
];

const OF_A_NODE = [
  'redis_server',
  'redis_port',
  'redis_dir',
  'redis_bind',
  'redis_maxmemory',
  'redis_maxmemory_policy',
  'redis_repl_backlog_size',
  'redis_repl_diskless_sync',
  'redis_config',
];

const KNOWN = [...OF_THE_CLUSTER, ...OF_A_NODE];

/** Variables used by redisops: a team’s repository has many more. */
export function known(variables: Variables): Variables {
  return new Map([...[...variables].filter(([name]) => KNOWN.includes(name)), ...destinationOf(variables)]);
}

/** Variables that must be equal for all hosts. */
export function ofClusterOnly(variables: Variables): Variables {
  return new Map([...variables].filter(([name]) => OF_THE_CLUSTER.includes(name)));
}

/**
 * Reports every unknown `redis_*` variable. Other variables are the team’s own business, and so are those of its own
 * template of sentinel.conf.
 */
export function refuseUnknown(variables: Variables, problems: Problems, ownSentinelConf: boolean): void {
  for (const [name, { at }] of variables) {
    if (problems.enough) return;
    if (!/^redis_/i.test(name) || (ownSentinelConf && /^redis_sentinel_/i.test(name)) || KNOWN.includes(name)) continue;
    const advice = didYouMean(name, KNOWN) || ' Any directive can stand under redis_config.';
    problems.add(at, `${quoted(name)} is not a variable of redisops.${advice}`);
  }
}

/** A host cannot have its own master or password. */
export function refuseClusterVariables(ofHost: Variables, problems: Problems): void {
  for (const [name, { at }] of ofHost)
    if (OF_THE_CLUSTER.includes(name)) problems.add(at, `${name} is the cluster’s: it belongs in group_vars`);
}

/** Groups inside the cluster must agree on the cluster’s variables. Returns whether they do. */
export function refuseDifferences(ofHosts: readonly Variables[], problems: Problems): boolean {
  const [first, ...others] = ofHosts;
  const isSame = (one: Entry | undefined, other: Entry | undefined): boolean => placeOf(one) === placeOf(other);
  const different = OF_THE_CLUSTER.filter((name) => others.some((each) => !isSame(each.get(name), first?.get(name))));
  for (const name of different) {
    const other = others.map((each) => each.get(name)).find((entry) => !isSame(entry, first?.get(name)));
    const at = other?.at ?? first?.get(name)?.at;
    if (at) problems.add(at, `${name} is the cluster’s, but not all of its hosts have it from the same place`);
  }
  return different.length === 0;
}

function placeOf(entry: Entry | undefined): string {
  return entry ? `${entry.at.file}:${entry.at.line}:${entry.at.column}` : '';
}

/** Reads a variable; an invalid one becomes a problem and counts as absent. */
export function take<T, F>(
  variables: Variables,
  name: string,
  read: (value: Value) => Read<T>,
  fallback: F,
  problems: Problems,
): T | F {
  const entry = variables.get(name);
  if (!entry || isNothing(entry.value)) return fallback;
  const result = read(entry.value);
  if (result.ok) return result.value;
  problems.add(entry.value.at, `${name} ${result.message}`);
  return fallback;
}

export function readClusterVariables(variables: Variables, problems: Problems): ClusterVariables {
  return {
    replication: take(variables, 'redis_enable_replication', readBoolean, false, problems),
    sentinel: take(variables, 'redis_enable_sentinel', readBoolean, false, problems),
    masterHost: take(variables, 'redis_master_host', readText, null, problems),
    masterAddress: take(variables, 'redis_master_ip', readAddress, null, problems),
    password: takePassword(variables, 'redis_password', problems),
    masterauth: takePassword(variables, 'redis_masterauth', problems),
  };
}

/** To YAML, an unquoted password may be nothing (`#word`, `&word`): that must not open Redis to everyone. */
function takePassword(variables: Variables, name: string, problems: Problems): Secret | null {
  const value = variables.get(name)?.value;
  // A failed rendering has already been reported.
  if (value && isNothing(value) && !(value.kind === 'scalar' && /\{[{%#]/.test(value.source)))
    problems.add(value.at, `${name} has no value: put it in quotes, or leave the line out where there is no password`);
  return take(variables, name, readPassword, null, problems);
}

/** Variables with defaults, and their directives. */
const DEFAULTED: Readonly<Record<string, string>> = {
  redis_port: 'port',
  redis_dir: 'dir',
  redis_bind: 'bind',
  redis_repl_backlog_size: 'repl-backlog-size',
  redis_repl_diskless_sync: 'repl-diskless-sync',
};

function isGiven(name: string, variables: Variables): boolean {
  const entry = variables.get(name);
  return entry !== undefined && !isNothing(entry.value);
}

export function readNodeVariables(variables: Variables, problems: Problems): NodeVariables {
  const folder = take(variables, 'redis_dir', readFolder, '/data/redis', problems);
  return {
    server: take(variables, 'redis_server', readServer, null, problems),
    port: take(variables, 'redis_port', readPort, 6379, problems),
    folder,
    bind: take(variables, 'redis_bind', readBind, null, problems),
    maxmemory: take(variables, 'redis_maxmemory', readMemory('maxmemory'), null, problems),
    maxmemoryPolicy: take(variables, 'redis_maxmemory_policy', readEvictionPolicy, null, problems),
    backlogSize: take(variables, 'redis_repl_backlog_size', readMemory('repl-backlog-size'), '16mb', problems),
    disklessSync: take(variables, 'redis_repl_diskless_sync', readBoolean, true, problems),
    directives: readDirectives(variables.get('redis_config'), folder, problems),
    unsaid: new Set(
      Object.entries(DEFAULTED).flatMap(([name, directive]) => (isGiven(name, variables) ? [] : [directive])),
    ),
  };
}
