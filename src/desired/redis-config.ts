import { memoryBytes } from '../domain/directive-value.ts';
import { DIRECTIVES, REPEATED_DIRECTIVES, canonicalName, directiveInfo } from '../domain/directives.ts';
import { didYouMean } from '../domain/nearest.ts';
import { splitArguments } from '../domain/redis-conf.ts';
import { shown, type Problems } from './problems.ts';
import { readText } from './variable-value.ts';
import type { Entry, Value } from './yaml-mapping.ts';

/** A directive that Git asks for, one entry a line of redis.conf. */
export interface WantedDirective {
  name: string;
  parameters: readonly string[];
}

/** Directives that have a variable of their own, or that redisops or the unit owns; with what to do instead. */
const OWNED: Readonly<Record<string, string>> = {
  replicaof: 'roles are observed; redis_master_host nominates the first master',
  requirepass: 'use redis_password',
  masterauth: 'use redis_masterauth',
  dir: 'use redis_dir',
  port: 'use redis_port',
  bind: 'use redis_bind',
  maxmemory: 'use redis_maxmemory',
  'maxmemory-policy': 'use redis_maxmemory_policy',
  'repl-backlog-size': 'use redis_repl_backlog_size',
  'repl-diskless-sync': 'use redis_repl_diskless_sync',
  daemonize: 'the systemd unit owns it',
  supervised: 'the systemd unit owns it',
  pidfile: 'the systemd unit owns it',
  include: 'what another file says cannot be planned; put its directives here',
  'rename-command': 'redisops needs the commands by their names',
  'cluster-enabled': 'Redis Cluster is not replication; redisops does not manage it',
};

/** Words besides yes and no, or figures, where the default suggests only those. */
const FREE_FORM = new Set([
  'oom-score-adj',
  'enable-debug-command',
  'enable-module-command',
  'enable-protected-configs',
  'supervised',
  'tls-auth-clients',
  'save',
  'oom-score-adj-values',
  'latency-tracking-info-percentiles',
  'unixsocketperm',
]);

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  databases: [1, 2_147_483_647],
  hz: [1, 500],
  maxclients: [1, 4_294_967_295],
  'io-threads': [1, 128],
  'repl-timeout': [1, 2_147_483_647],
  'repl-ping-replica-period': [1, 2_147_483_647],
  'tcp-backlog': [0, 2_147_483_647],
  timeout: [0, 2_147_483_647],
  'tcp-keepalive': [0, 2_147_483_647],
  'replica-priority': [0, 2_147_483_647],
  'min-replicas-to-write': [0, 2_147_483_647],
  'maxmemory-samples': [1, 64],
};

export function readDirectives(entry: Entry | undefined, problems: Problems): readonly WantedDirective[] {
  if (!entry || (entry.value.kind === 'scalar' && entry.value.value === null)) return [];
  if (entry.value.kind !== 'mapping') {
    problems.add(entry.value.at, 'redis_config must be a mapping of directives to values');
    return [];
  }
  return [...entry.value.entries].flatMap(([name, each]) => readDirective(name, each, problems));
}

function readDirective(written: string, { at, value }: Entry, problems: Problems): readonly WantedDirective[] {
  const name = canonicalName(written);
  if (!directiveInfo(name)) {
    problems.add(at, `Redis 7 knows no directive ${shown(written)}.${didYouMean(written, Object.keys(DIRECTIVES))}`);
    return [];
  }
  const owner = Object.hasOwn(OWNED, name) ? OWNED[name] : undefined;
  if (owner !== undefined) {
    problems.add(at, `${name} does not belong under redis_config: ${owner}`);
    return [];
  }
  const repeated = value.kind === 'sequence';
  if (repeated && !REPEATED_DIRECTIVES.has(name)) {
    problems.add(value.at, `${name} takes one value, not a list`);
    return [];
  }
  const lines = repeated ? value.items : [value];
  return lines.flatMap((line) => readLine(name, line, problems));
}

function readLine(name: string, value: Value, problems: Problems): readonly WantedDirective[] {
  const text = readText(value);
  if (!text.ok) {
    problems.add(value.at, `${name} ${text.message}`);
    return [];
  }
  const parameters = text.value === '' ? [''] : splitArguments(text.value);
  if (parameters === null || parameters.length === 0) {
    problems.add(value.at, `${name} has unbalanced quotes: ${shown(text.value)}`);
    return [];
  }
  const cleaned = parameters.map((parameter) => (parameters.length === 1 && parameter === '""' ? '' : parameter));
  const wrong = mistakeIn(name, cleaned);
  if (wrong !== null) {
    problems.add(value.at, `${name} ${wrong}`);
    return [];
  }
  return [{ name, parameters: cleaned }];
}

function mistakeIn(name: string, parameters: readonly string[]): string | null {
  const [first = ''] = parameters;
  if (name === 'dbfilename' && first === '')
    return 'must not be empty: a replica renames its temporary file to it at the end of a synchronisation';
  if (FREE_FORM.has(name)) return null;
  const usual = directiveInfo(name)?.default ?? '';
  if (usual === 'yes' || usual === 'no')
    return /^(?:yes|no)$/i.test(first) && parameters.length === 1
      ? null
      : `must be yes or no, not ${shown(parameters.join(' '))}`;
  if (!/^-?\d+$/.test(usual)) return null;
  return figureMistake(name, parameters);
}

function figureMistake(name: string, parameters: readonly string[]): string | null {
  const [first = ''] = parameters;
  const figure = /^-\d+$/.test(first) ? Number(first) : memoryBytes(first);
  if (parameters.length !== 1 || figure === null) return `must be a figure, not ${shown(parameters.join(' '))}`;
  const range = RANGES[name];
  if (range && (figure < range[0] || figure > range[1])) return `must be from ${range[0]} to ${range[1]}, not ${first}`;
  return null;
}
