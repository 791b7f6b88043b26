import { DIRECTIVES, canonicalName } from './directives.ts';

/** The type of a directive’s value; limits are inclusive. */
export type DirectiveKind =
  | { kind: 'flag' }
  | { kind: 'choice'; of: readonly string[] }
  | { kind: 'integer'; from: number; to: number }
  /** Bytes, with units; `percent` if `5%` is allowed too. */
  | { kind: 'memory'; from: number; percent: boolean }
  | { kind: 'octal' }
  /** A path, or empty. */
  | { kind: 'path' }
  /** A file name in the data directory. */
  | { kind: 'file name' }
  | { kind: 'text' }
  /** Several words, with a rule per directive. */
  | { kind: 'words' };

const INT_MAX = 2_147_483_647;
const UINT_MAX = 4_294_967_295;
const LONG_MAX = Number.MAX_SAFE_INTEGER;
const MEGABYTE = 1_048_576;

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'acl-pubsub-default': ['allchannels', 'resetchannels'],
  appendfsync: ['everysec', 'always', 'no'],
  'cluster-preferred-endpoint-type': ['ip', 'hostname', 'unknown-endpoint'],
  'enable-debug-command': ['no', 'yes', 'local'],
  'enable-module-command': ['no', 'yes', 'local'],
  'enable-protected-configs': ['no', 'yes', 'local'],
  loglevel: ['debug', 'verbose', 'notice', 'warning'],
  'maxmemory-policy': [
    'noeviction',
    'allkeys-lru',
    'allkeys-lfu',
    'allkeys-random',
    'volatile-lru',
    'volatile-lfu',
    'volatile-random',
    'volatile-ttl',
  ],
  'oom-score-adj': ['no', 'yes', 'relative', 'absolute'],
  'propagation-error-behavior': ['ignore', 'panic', 'panic-on-replicas'],
  'repl-diskless-load': ['disabled', 'on-empty-db', 'swapdb'],
  'sanitize-dump-payload': ['no', 'yes', 'clients'],
  supervised: ['upstart', 'systemd', 'auto', 'no'],
  'syslog-facility': ['user', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
  'tls-auth-clients': ['no', 'yes', 'optional'],
};

/** Minimum values of directives that take units. */
const MEMORY: Readonly<Record<string, number>> = {
  'active-defrag-ignore-bytes': 1,
  'auto-aof-rewrite-min-size': 0,
  'client-query-buffer-limit': MEGABYTE,
  'cluster-link-sendbuf-limit': 0,
  'hash-max-listpack-value': 0,
  'hll-sparse-max-bytes': 0,
  maxmemory: 0,
  'maxmemory-clients': 0,
  'proto-max-bulk-len': MEGABYTE,
  // Redis raises smaller values to 16 KiB: the requested value would never be the running one.
  'repl-backlog-size': 16_384,
  'stream-node-max-bytes': 0,
  'zset-max-listpack-value': 0,
};

/** Limits of integers; the others range from 0 to the largest int. */
const LIMITS: Readonly<Record<string, readonly [from: number, to: number]>> = {
  'acllog-max-len': [0, LONG_MAX],
  'active-defrag-cycle-max': [1, 99],
  'active-defrag-cycle-min': [1, 99],
  'active-defrag-max-scan-fields': [1, LONG_MAX],
  'active-defrag-threshold-lower': [0, 1000],
  'active-defrag-threshold-upper': [0, 1000],
  'active-expire-effort': [1, 10],
  'busy-reply-threshold': [0, LONG_MAX],
  'cluster-announce-bus-port': [0, 65_535],
  'cluster-announce-port': [0, 65_535],
  'cluster-announce-tls-port': [0, 65_535],
  'cluster-node-timeout': [0, LONG_MAX],
  'cluster-port': [0, 65_535],
  databases: [1, INT_MAX],
  'hash-max-listpack-entries': [0, LONG_MAX],
  // Redis clamps values to 1 and 500.
  hz: [1, 500],
  'io-threads': [1, 128],
  'latency-monitor-threshold': [0, LONG_MAX],
  'list-max-listpack-size': [-INT_MAX - 1, INT_MAX],
  maxclients: [1, UINT_MAX],
  'maxmemory-eviction-tenacity': [0, 100],
  'maxmemory-samples': [1, INT_MAX],
  port: [0, 65_535],
  'repl-backlog-ttl': [0, LONG_MAX],
  'repl-ping-replica-period': [1, INT_MAX],
  'repl-timeout': [1, INT_MAX],
  'replica-announce-port': [0, 65_535],
  'set-max-intset-entries': [0, LONG_MAX],
  'slowlog-log-slower-than': [-1, LONG_MAX],
  'slowlog-max-len': [0, LONG_MAX],
  'socket-mark-id': [0, UINT_MAX],
  'stream-node-max-entries': [0, LONG_MAX],
  'tls-port': [0, 65_535],
  'tracking-table-max-keys': [0, LONG_MAX],
  'zset-max-listpack-entries': [0, LONG_MAX],
};

/** Certificates and keys, which Redis reads at start. */
export const TLS_FILES: readonly string[] = [
  'tls-ca-cert-dir',
  'tls-ca-cert-file',
  'tls-cert-file',
  'tls-client-cert-file',
  'tls-client-key-file',
  'tls-dh-params-file',
  'tls-key-file',
];

const PATHS: ReadonlySet<string> = new Set(['aclfile', 'dir', 'logfile', 'pidfile', 'unixsocket', ...TLS_FILES]);

const FILE_NAMES: ReadonlySet<string> = new Set([
  'appenddirname',
  'appendfilename',
  'cluster-config-file',
  'dbfilename',
]);

const WORDS: ReadonlySet<string> = new Set([
  'bind',
  'client-output-buffer-limit',
  'include',
  'latency-tracking-info-percentiles',
  'loadmodule',
  'oom-score-adj-values',
  'rename-command',
  'replicaof',
  'save',
  'shutdown-on-sigint',
  'shutdown-on-sigterm',
  'user',
]);

/** As declared in config.c of Redis 7.0.15. Text for a directive unknown to Redis. */
export function directiveKind(directive: string): DirectiveKind {
  const name = canonicalName(directive);
  if (!Object.hasOwn(DIRECTIVES, name)) return { kind: 'text' };
  const smallest = MEMORY[name];
  if (smallest !== undefined) return { kind: 'memory', from: smallest, percent: name === 'maxmemory-clients' };
  const choices = CHOICES[name];
  if (choices) return { kind: 'choice', of: choices };
  if (WORDS.has(name)) return { kind: 'words' };
  if (PATHS.has(name)) return { kind: 'path' };
  if (FILE_NAMES.has(name)) return { kind: 'file name' };
  if (name === 'unixsocketperm') return { kind: 'octal' };
  const usual = DIRECTIVES[name]?.default ?? '';
  if (usual === 'yes' || usual === 'no') return { kind: 'flag' };
  if (!/^-?\d+$/.test(usual)) return { kind: 'text' };
  const [from, to] = LIMITS[name] ?? [0, INT_MAX];
  return { kind: 'integer', from, to };
}
