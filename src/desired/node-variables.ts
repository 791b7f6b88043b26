import { didYouMean } from '../domain/nearest.ts';
import type { Secret } from '../domain/secret.ts';
import { shown, type Problems } from './problems.ts';
import { readDirectives, type WantedDirective } from './redis-config.ts';
import {
  readAddress,
  readBacklogSize,
  readBind,
  readBoolean,
  readFolder,
  readMemory,
  readPassword,
  readPolicy,
  readPort,
  readText,
  type Read,
} from './variable-value.ts';
import type { Entry, Value } from './yaml-mapping.ts';

/** The `redis_*` variables of one node, as `group_vars` and `host_vars` give them. */
export interface NodeVariables {
  replication: boolean;
  sentinel: boolean;
  masterHost: string | null;
  masterAddress: string | null;
  port: number;
  folder: string;
  bind: string | null;
  password: Secret | null;
  masterauth: Secret | null;
  maxmemory: string | null;
  maxmemoryPolicy: string | null;
  backlogSize: string;
  disklessSync: boolean;
  directives: readonly WantedDirective[];
}

const KNOWN = [
  'redis_enable_replication',
  'redis_enable_sentinel',
  'redis_master_host',
  'redis_master_ip',
  'redis_port',
  'redis_dir',
  'redis_bind',
  'redis_password',
  'redis_masterauth',
  'redis_maxmemory',
  'redis_maxmemory_policy',
  'redis_repl_backlog_size',
  'redis_repl_diskless_sync',
  'redis_config',
];

/** Empty is not the same as left out: see `readPassword`. */
const NEVER_EMPTY: ReadonlySet<string> = new Set(['redis_password', 'redis_masterauth']);

/** Variables that speak of the cluster: a host cannot have its own. */
const OF_THE_CLUSTER = [
  'redis_enable_replication',
  'redis_enable_sentinel',
  'redis_master_host',
  'redis_master_ip',
  'redis_password',
  'redis_masterauth',
];

/** Names every `redis_*` variable that is not known. Other variables are the team’s own business. */
export function refuseUnknown(variables: ReadonlyMap<string, Entry>, problems: Problems): void {
  for (const [name, { at }] of variables) {
    if (!name.startsWith('redis_') || name.startsWith('redis_sentinel_') || KNOWN.includes(name)) continue;
    problems.add(
      at,
      `${shown(name)} is not a variable of redisops.${didYouMean(name, KNOWN)} Any directive goes under redis_config.`,
    );
  }
}

/** Of one host: what it has of its own, or another group gives it, and the cluster has not. */
export function refuseClusterVariables(
  variables: ReadonlyMap<string, Entry>,
  ofTheCluster: ReadonlyMap<string, Entry>,
  problems: Problems,
): void {
  for (const [name, entry] of variables)
    if (OF_THE_CLUSTER.includes(name) && entry !== ofTheCluster.get(name))
      problems.add(entry.at, `${name} is the cluster’s: it belongs into group_vars`);
}

export function readNodeVariables(variables: ReadonlyMap<string, Entry>, problems: Problems): NodeVariables {
  const take = <T, F>(name: string, read: (value: Value) => Read<T>, fallback: F): T | F => {
    const entry = variables.get(name);
    if (!entry) return fallback;
    const unset = entry.value.kind === 'scalar' && entry.value.value === null;
    if (unset && !NEVER_EMPTY.has(name)) return fallback;
    const result = read(entry.value);
    if (result.ok) return result.value;
    problems.add(entry.value.at, `${name} ${result.message}`);
    return fallback;
  };
  return {
    replication: take('redis_enable_replication', readBoolean, false),
    sentinel: take('redis_enable_sentinel', readBoolean, false),
    masterHost: take('redis_master_host', readText, null),
    masterAddress: take('redis_master_ip', readAddress, null),
    port: take('redis_port', readPort, 6379),
    folder: take('redis_dir', readFolder, '/data/redis'),
    bind: take('redis_bind', readBind, null),
    password: take('redis_password', readPassword, null),
    masterauth: take('redis_masterauth', readPassword, null),
    maxmemory: take('redis_maxmemory', readMemory, null),
    maxmemoryPolicy: take('redis_maxmemory_policy', readPolicy, null),
    backlogSize: take('redis_repl_backlog_size', readBacklogSize, '16mb'),
    disklessSync: take('redis_repl_diskless_sync', readBoolean, true),
    directives: readDirectives(variables.get('redis_config'), problems),
  };
}
