/** A generated repository: clusters of three hosts each, in one redisops.yml and one inventory. By path. */
export function fleetRepository(clusters: number): Readonly<Record<string, string>> {
  const numbers = Array.from({ length: clusters }, (_, index) => index + 1);
  return {
    'redisops.yml': `clusters:\n${numbers.map(rulesOf).join('')}`,
    'ansible/inventory/hosts.yml': `all:\n  vars:\n    ansible_user: ops\n  children:\n${numbers.map(groupOf).join('')}`,
    'ansible/group_vars/all.yml': OF_ALL,
    'ansible/roles/redis/defaults/main.yml': 'redis_log_level: notice\nredis_databases: 16\n',
    [TEMPLATE]: TEMPLATE_TEXT,
    ...Object.fromEntries(numbers.map((number) => [`ansible/group_vars/${nameOf(number)}.yml`, variablesOf(number)])),
    ...Object.fromEntries(numbers.map((number) => [`ansible/host_vars/${hostOf(number, 3)}.yml`, OF_THIRD_HOST])),
  };
}

/** For vaulted passwords. */
export const VAULT_PASSWORD = 'generated';

const TEMPLATE = 'ansible/roles/redis/templates/redis.conf.j2';

function nameOf(number: number): string {
  return `cache-${String(number).padStart(3, '0')}`;
}

function hostOf(number: number, host: number): string {
  return `${nameOf(number)}-${host}`;
}

function addressOf(number: number, host: number): string {
  return `10.${Math.floor(number / 250)}.${number % 250}.${host}`;
}

/** Every third cluster prints redis.conf with the role’s template. */
function hasTemplate(number: number): boolean {
  return number % 3 === 0;
}

function rulesOf(number: number): string {
  const template = hasTemplate(number) ? [`template: ${TEMPLATE}`] : [];
  return linesOf(`  ${nameOf(number)}:`, [
    `group: ${nameOf(number).replace('-', '_')}`,
    `group_vars: ansible/group_vars/${nameOf(number)}.yml`,
    `channel: C0${String(number).padStart(7, '0')}`,
    'approvers: [U01ABCDEF, U02ABCDEF]',
    ...template,
  ]);
}

function groupOf(number: number): string {
  const hosts = [1, 2, 3].map(
    (host) => `        ${hostOf(number, host)}: { ansible_host: ${addressOf(number, host)} }\n`,
  );
  return `    ${nameOf(number).replace('-', '_')}:\n      hosts:\n${hosts.join('')}`;
}

function linesOf(head: string, lines: readonly string[]): string {
  return `${head}\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

/** Every tenth cluster has its password in a vault. */
function variablesOf(number: number): string {
  const own = hasTemplate(number)
    ? []
    : ['redis_config:', '  tcp-keepalive: 60', '  client-output-buffer-limit: [normal 0 0 0, replica 256mb 64mb 60]'];
  return [
    'redis_enable_replication: true',
    `redis_master_host: ${hostOf(number, 1)}`,
    `redis_master_ip: "${addressOf(number, 1)}"`,
    number % 10 === 0 ? VAULTED : `redis_password: "password-${number}"`,
    'redis_maxmemory: "{{ memory_of_a_cache }}"',
    'redis_maxmemory_policy: allkeys-lru',
    ...own,
    '',
  ].join('\n');
}

const OF_ALL = `memory_of_a_cache: 2gb
redis_port: 6379
redis_dir: /data/redis
team: platform
monitoring:
  scrape: true
  labels: { env: prod, tier: cache }
`;

const OF_THIRD_HOST = 'redis_repl_backlog_size: 64mb\nrack: r3\n';

/** “a-generated-password”, vaulted with VAULT_PASSWORD. */
const VAULTED = `redis_password: !vault |
  $ANSIBLE_VAULT;1.1;AES256
  30373037303730373037303730373037303730373037303730373037303730373037303730373037
  3037303730373037303730373037303730373037303730370a643966386535363134396435613563
  34613332663630303564663338633931613938363066646637356433656331636537373536316662
  3633636536363233350a323863643637333466613531323362343465656364636262633135346534
  31613236396263366264636430313832356637613063323739333363376535303562`;

/** About sixty lines, like real templates. */
const TEMPLATE_TEXT = `# {{ ansible_managed }}
bind 127.0.0.1 {{ ansible_host }}
protected-mode yes
port {{ redis_port }}
{% set quiet = ['tcp-backlog', 'timeout'] %}
{% for name in quiet %}
{{ name }} {{ 511 if name == 'tcp-backlog' else 0 }}
{% endfor %}
tcp-keepalive 300
daemonize no
supervised systemd
pidfile /run/redis/redis-server.pid
loglevel {{ redis_log_level | default('notice') }}
logfile /var/log/redis/redis-server.log
databases {{ redis_databases }}
dir {{ redis_dir }}
dbfilename dump.rdb
save ""
appendonly no
rdb-del-sync-files yes
stop-writes-on-bgsave-error yes
maxmemory {{ redis_maxmemory }}
maxmemory-policy {{ redis_maxmemory_policy | default('noeviction') }}
requirepass {{ redis_password }}
masterauth {{ redis_password }}
{% if inventory_hostname != redis_master_host and redis_enable_replication %}
replicaof {{ hostvars[redis_master_host].ansible_host }} {{ redis_port }}
{% endif %}
replica-read-only yes
replica-serve-stale-data yes
repl-diskless-sync yes
repl-diskless-sync-max-replicas {{ groups[group_names[0]] | length - 1 }}
repl-backlog-size {{ redis_repl_backlog_size | default('16mb') }}
{% for class, limit in {'normal': '0 0 0', 'pubsub': '32mb 8mb 60', 'replica': '256mb 64mb 60'}.items() %}
client-output-buffer-limit {{ class }} {{ limit }}
{% endfor %}
lazyfree-lazy-eviction no
lazyfree-lazy-expire no
lazyfree-lazy-server-del no
replica-lazy-flush no
slowlog-log-slower-than 10000
slowlog-max-len 128
latency-monitor-threshold 0
notify-keyspace-events ""
hash-max-listpack-entries 512
list-max-listpack-size -2
set-max-intset-entries 512
zset-max-listpack-entries 128
activerehashing yes
hz 10
dynamic-hz yes
`;
