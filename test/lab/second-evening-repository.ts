/** The repository of the team, with its own templates and names. By path. */
export interface SecondEvening {
  password?: string;
  sentinel?: boolean;
  /** sentinel.conf.j2 as they wrote it, or as redisops told them to. */
  open?: boolean;
  /** The fourth Sentinel, on a host without Redis. */
  monitor?: boolean;
  quorum?: number;
}

const ROLE = 'ansible/roles/redis_ha_v3/templates';

export const THEIR_PASSWORD = 'theirs-in-plain-text';

export function secondEvening({
  password = THEIR_PASSWORD,
  sentinel = true,
  open = false,
  monitor = false,
  quorum = monitor ? 3 : 2,
}: SecondEvening = {}): Readonly<Record<string, string>> {
  return {
    'redisops.yml': `clusters:
  redis:
    template: ${ROLE}/redis.conf.j2
    sentinel_template: ${ROLE}/sentinel.conf.j2
`,
    'ansible/inventory/hosts.yml': inventory(monitor),
    'ansible/group_vars/redis.yml': `redis_enable_replication: true
redis_enable_sentinel: ${String(sentinel)}
redis_master_host: redis-01
${monitor ? 'redis_sentinel_group: sentinels\n' : ''}`,
    'ansible/group_vars/all.yml': `redis_auth_password: ${password}
redis_master_ip: 10.0.0.123
sentinel_port: 26379
sentinel_master_name: mymaster
sentinel_quorum: ${quorum}
sentinel_down_after_milliseconds: 5000
sentinel_failover_timeout: 60000
sentinel_parallel_syncs: 1
sentinel_dir: /var/lib/redis
`,
    [`${ROLE}/redis.conf.j2`]: REDIS_CONF,
    [`${ROLE}/sentinel.conf.j2`]: sentinelTemplate(open),
  };
}

function inventory(monitor: boolean): string {
  return `all:
  vars: { ansible_user: ops }
  children:
    redis:
      hosts:
        redis-01: { ansible_host: 10.0.0.123 }
        redis-02: { ansible_host: 10.0.0.124 }
        redis-03: { ansible_host: 10.0.0.125 }
${monitor ? '    sentinels:\n      children: { redis: }\n      hosts:\n        monitor-01: { ansible_host: 10.0.0.126 }\n' : ''}`;
}

const REDIS_CONF = `bind 0.0.0.0
protected-mode yes
port 6379
supervised systemd
daemonize no
pidfile /run/redis/redis-server.pid
logfile /var/log/redis/redis-server.log
dir /data/redis
save ""
appendonly no
requirepass {{ redis_auth_password }}
masterauth {{ redis_auth_password }}
repl-diskless-sync-delay 0
{% if inventory_hostname != redis_master_host %}
replicaof {{ redis_master_ip }} 6379
{% endif %}
`;

function sentinelTemplate(open: boolean): string {
  return `port {{ sentinel_port }}
daemonize no
${open ? 'protected-mode no\nbind {{ ansible_host }} 127.0.0.1' : 'protected-mode yes'}
logfile ""
dir {{ sentinel_dir }}
sentinel monitor {{ sentinel_master_name }} {{ redis_master_ip }} 6379 {{ sentinel_quorum }}
sentinel auth-pass {{ sentinel_master_name }} {{ redis_auth_password }}
sentinel down-after-milliseconds {{ sentinel_master_name }} {{ sentinel_down_after_milliseconds }}
sentinel failover-timeout {{ sentinel_master_name }} {{ sentinel_failover_timeout }}
sentinel parallel-syncs {{ sentinel_master_name }} {{ sentinel_parallel_syncs }}
`;
}

/** Their own unit, without a sandbox. */
export const THEIR_UNIT = `[Unit]
Description=Redis Sentinel
After=network.target
[Service]
Type=simple
User=redis
Group=redis
ExecStart=/usr/bin/redis-sentinel /etc/redis/sentinel.conf
RuntimeDirectory=redis
Restart=always
[Install]
WantedBy=multi-user.target
`;
