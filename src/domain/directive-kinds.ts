/** What kind of value a directive takes. Read off Redis 7.0.15’s config.c, and tried with CONFIG SET. */

/** Sizes: figures that may have a unit. Redis takes units nowhere else. */
export const MEMORY_DIRECTIVES: ReadonlySet<string> = new Set([
  'active-defrag-ignore-bytes',
  'auto-aof-rewrite-min-size',
  'client-query-buffer-limit',
  'cluster-link-sendbuf-limit',
  'hash-max-listpack-value',
  'hll-sparse-max-bytes',
  'maxmemory',
  'maxmemory-clients',
  'proto-max-bulk-len',
  'repl-backlog-size',
  'stream-node-max-bytes',
  'zset-max-listpack-value',
]);

/** Directives that take several words in one line. All others take one, which may have spaces in quotes. */
export const SEVERAL_WORDS: ReadonlySet<string> = new Set([
  'bind',
  'client-output-buffer-limit',
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

/** The words that a directive takes, where it does not take others. */
export const DIRECTIVE_WORDS: Readonly<Record<string, readonly string[]>> = {
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
  'shutdown-on-sigint': ['default', 'save', 'nosave', 'now', 'force'],
  'shutdown-on-sigterm': ['default', 'save', 'nosave', 'now', 'force'],
  supervised: ['no', 'auto', 'upstart', 'systemd'],
  'syslog-facility': ['user', ...Array.from({ length: 8 }, (_, index) => `local${index}`)],
  'tls-auth-clients': ['no', 'yes', 'optional'],
};
