export interface DirectiveInfo {
  /** `live`: CONFIG SET · `restart`: read only at start · `role`: REPLICAOF. */
  change: 'live' | 'restart' | 'role';
  /** As shown by CONFIG GET; null for directives it does not know. */
  default: string | null;
}

function directives(
  change: DirectiveInfo['change'],
  defaults: Readonly<Record<string, string | null>>,
): Record<string, DirectiveInfo> {
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, { change, default: value }]));
}

/**
 * Every directive of Redis 7.0: how it takes a change, and its default. Taken from a redis-server 7.0.15 by CONFIG GET
 * and tried one by one with CONFIG SET.
 */
export const DIRECTIVES: Readonly<Record<string, DirectiveInfo>> = {
  ...directives('live', {
    'acl-pubsub-default': 'resetchannels',
    'acllog-max-len': '128',
    'active-defrag-cycle-max': '25',
    'active-defrag-cycle-min': '1',
    'active-defrag-ignore-bytes': '104857600',
    'active-defrag-max-scan-fields': '1000',
    'active-defrag-threshold-lower': '10',
    'active-defrag-threshold-upper': '100',
    'active-expire-effort': '1',
    activedefrag: 'no',
    activerehashing: 'yes',
    'aof-disable-auto-gc': 'no',
    'aof-load-truncated': 'yes',
    'aof-rewrite-incremental-fsync': 'yes',
    'aof-timestamp-enabled': 'no',
    'aof-use-rdb-preamble': 'yes',
    appendfsync: 'everysec',
    appendonly: 'no',
    'auto-aof-rewrite-min-size': '67108864',
    'auto-aof-rewrite-percentage': '100',
    bind: '* -::*',
    'bind-source-addr': '',
    'busy-reply-threshold': '5000',
    'client-output-buffer-limit': 'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60',
    'client-query-buffer-limit': '1073741824',
    'cluster-allow-pubsubshard-when-down': 'yes',
    'cluster-allow-reads-when-down': 'no',
    'cluster-allow-replica-migration': 'yes',
    'cluster-announce-bus-port': '0',
    'cluster-announce-hostname': '',
    'cluster-announce-ip': '',
    'cluster-announce-port': '0',
    'cluster-announce-tls-port': '0',
    'cluster-link-sendbuf-limit': '0',
    'cluster-migration-barrier': '1',
    'cluster-node-timeout': '15000',
    'cluster-preferred-endpoint-type': 'ip',
    'cluster-replica-no-failover': 'no',
    'cluster-replica-validity-factor': '10',
    'cluster-require-full-coverage': 'yes',
    'crash-log-enabled': 'yes',
    'crash-memcheck-enabled': 'yes',
    'dynamic-hz': 'yes',
    'hash-max-listpack-entries': '512',
    'hash-max-listpack-value': '64',
    'hll-sparse-max-bytes': '3000',
    hz: '10',
    'ignore-warnings': '',
    'jemalloc-bg-thread': 'yes',
    'latency-monitor-threshold': '0',
    'latency-tracking': 'yes',
    'latency-tracking-info-percentiles': '50 99 99.9',
    'lazyfree-lazy-eviction': 'no',
    'lazyfree-lazy-expire': 'no',
    'lazyfree-lazy-server-del': 'no',
    'lazyfree-lazy-user-del': 'no',
    'lazyfree-lazy-user-flush': 'no',
    'lfu-decay-time': '1',
    'lfu-log-factor': '10',
    'list-compress-depth': '0',
    'list-max-listpack-size': '-2',
    loglevel: 'notice',
    masterauth: '',
    masteruser: '',
    maxclients: '10000',
    maxmemory: '0',
    'maxmemory-clients': '0',
    'maxmemory-eviction-tenacity': '10',
    'maxmemory-policy': 'noeviction',
    'maxmemory-samples': '5',
    'min-replicas-max-lag': '10',
    'min-replicas-to-write': '0',
    'no-appendfsync-on-rewrite': 'no',
    'notify-keyspace-events': '',
    'oom-score-adj': 'no',
    'oom-score-adj-values': '0 200 800',
    port: '6379',
    'proc-title-template': '{title} {listen-addr} {server-mode}',
    'propagation-error-behavior': 'ignore',
    'protected-mode': 'yes',
    'proto-max-bulk-len': '536870912',
    'rdb-del-sync-files': 'no',
    'rdb-save-incremental-fsync': 'yes',
    rdbcompression: 'yes',
    'repl-backlog-size': '1048576',
    'repl-backlog-ttl': '3600',
    'repl-disable-tcp-nodelay': 'no',
    'repl-diskless-load': 'disabled',
    'repl-diskless-sync': 'yes',
    'repl-diskless-sync-delay': '5',
    'repl-diskless-sync-max-replicas': '0',
    'repl-ping-replica-period': '10',
    'repl-timeout': '60',
    'replica-announce-ip': '',
    'replica-announce-port': '0',
    'replica-announced': 'yes',
    'replica-ignore-disk-write-errors': 'no',
    'replica-ignore-maxmemory': 'yes',
    'replica-lazy-flush': 'no',
    'replica-priority': '100',
    'replica-read-only': 'yes',
    'replica-serve-stale-data': 'yes',
    requirepass: '',
    'sanitize-dump-payload': 'no',
    save: '3600 1 300 100 60 10000',
    'set-max-intset-entries': '512',
    'shutdown-on-sigint': 'default',
    'shutdown-on-sigterm': 'default',
    'shutdown-timeout': '10',
    'slowlog-log-slower-than': '10000',
    'slowlog-max-len': '128',
    'stop-writes-on-bgsave-error': 'yes',
    'stream-node-max-bytes': '4096',
    'stream-node-max-entries': '100',
    'tcp-keepalive': '300',
    timeout: '0',
    'tls-auth-clients': 'yes',
    'tls-ca-cert-dir': '',
    'tls-ca-cert-file': '',
    'tls-cert-file': '',
    'tls-ciphers': '',
    'tls-ciphersuites': '',
    'tls-client-cert-file': '',
    'tls-client-key-file': '',
    'tls-client-key-file-pass': '',
    'tls-cluster': 'no',
    'tls-dh-params-file': '',
    'tls-key-file': '',
    'tls-key-file-pass': '',
    'tls-port': '0',
    'tls-prefer-server-ciphers': 'no',
    'tls-protocols': '',
    'tls-replication': 'no',
    'tls-session-cache-size': '20480',
    'tls-session-cache-timeout': '300',
    'tls-session-caching': 'yes',
    'tracking-table-max-keys': '1000000',
    'zset-max-listpack-entries': '128',
    'zset-max-listpack-value': '64',
  }),
  ...directives('restart', {
    aclfile: '',
    'always-show-logo': 'no',
    aof_rewrite_cpulist: '',
    appenddirname: 'appendonlydir',
    appendfilename: 'appendonly.aof',
    bgsave_cpulist: '',
    bio_cpulist: '',
    'cluster-config-file': 'nodes.conf',
    'cluster-enabled': 'no',
    'cluster-port': '0',
    daemonize: 'no',
    databases: '16',
    dbfilename: 'dump.rdb',
    dir: './',
    'disable-thp': 'yes',
    'enable-debug-command': 'no',
    'enable-module-command': 'no',
    'enable-protected-configs': 'no',
    'io-threads': '1',
    'io-threads-do-reads': 'no',
    logfile: '',
    pidfile: '',
    rdbchecksum: 'yes',
    server_cpulist: '',
    'set-proc-title': 'yes',
    'socket-mark-id': '0',
    supervised: 'no',
    'syslog-enabled': 'no',
    'syslog-facility': 'local0',
    'syslog-ident': 'redis',
    'tcp-backlog': '511',
    unixsocket: '',
    unixsocketperm: '0',
  }),
  // Changed by REPLICAOF, never by CONFIG SET.
  ...directives('role', { replicaof: '' }),
  // In the file only: CONFIG GET does not know them.
  ...directives('restart', { include: null, loadmodule: null, 'rename-command': null, user: null }),
};

/** Older names still accepted by Redis 7. */
const ALIASES: Readonly<Record<string, string>> = {
  'cluster-slave-no-failover': 'cluster-replica-no-failover',
  'cluster-slave-validity-factor': 'cluster-replica-validity-factor',
  'hash-max-ziplist-entries': 'hash-max-listpack-entries',
  'hash-max-ziplist-value': 'hash-max-listpack-value',
  'list-max-ziplist-size': 'list-max-listpack-size',
  'lua-time-limit': 'busy-reply-threshold',
  'min-slaves-max-lag': 'min-replicas-max-lag',
  'min-slaves-to-write': 'min-replicas-to-write',
  'repl-ping-slave-period': 'repl-ping-replica-period',
  'slave-announce-ip': 'replica-announce-ip',
  'slave-announce-port': 'replica-announce-port',
  'slave-ignore-maxmemory': 'replica-ignore-maxmemory',
  'slave-lazy-flush': 'replica-lazy-flush',
  'slave-priority': 'replica-priority',
  'slave-read-only': 'replica-read-only',
  'slave-serve-stale-data': 'replica-serve-stale-data',
  slaveof: 'replicaof',
  'zset-max-ziplist-entries': 'zset-max-listpack-entries',
  'zset-max-ziplist-value': 'zset-max-listpack-value',
};

/** Directives whose values are passwords. */
export const SECRET_DIRECTIVES: ReadonlySet<string> = new Set([
  'requirepass',
  'masterauth',
  'tls-key-file-pass',
  'tls-client-key-file-pass',
  'user',
]);

/** Directives that may be repeated; each line adds to the value. */
export const REPEATED_DIRECTIVES: ReadonlySet<string> = new Set([
  'save',
  'client-output-buffer-limit',
  'include',
  'loadmodule',
  'rename-command',
  'user',
]);

/** Directives that the unit decides by its command line and PIDFile: another value in the file makes no difference. */
export const DECIDED_BY_UNIT: ReadonlySet<string> = new Set(['daemonize', 'pidfile', 'supervised']);

/** The name used by Redis 7: lower case, new for old. */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase();
  return Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] ?? lower) : lower;
}

/** Null for a directive unknown to Redis 7. */
export function directiveInfo(name: string): DirectiveInfo | null {
  const canonical = canonicalName(name);
  return Object.hasOwn(DIRECTIVES, canonical) ? (DIRECTIVES[canonical] ?? null) : null;
}

/** A directive’s value after a start with the file; Redis’s default if it is not there, or there is no file. */
export function valueIn(conf: { get(name: string): string | undefined } | null, name: string): string {
  return conf?.get(name) ?? directiveInfo(name)?.default ?? '';
}
