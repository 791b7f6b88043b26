/** INFO of Redis 7.0.15 on Debian 12, a master with two replicas, without unused fields. */
export const MASTER = crlf(`
# Server
redis_version:7.0.15
redis_mode:standalone
process_id:9174
run_id:e9e9a173b354212c6fc173cb49a2181c7e782350
uptime_in_seconds:2
# Clients
connected_clients:1
# Memory
used_memory:1116088
used_memory_dataset:40568
# Persistence
loading:0
async_loading:0
rdb_bgsave_in_progress:0
rdb_last_bgsave_status:ok
aof_enabled:0
aof_last_write_status:ok
# Stats
total_net_repl_output_bytes:120
instantaneous_input_kbps:0.05
instantaneous_output_repl_kbps:0.00
sync_full:2
sync_partial_ok:0
sync_partial_err:0
# Replication
role:master
connected_slaves:2
slave0:ip=10.0.0.125,port=6379,state=online,offset=0,lag=1
slave1:ip=10.0.0.124,port=6379,state=online,offset=0,lag=1
master_failover_state:no-failover
master_replid:0e641ba78eb01f78914c2b11bd11babdfca415a6
master_replid2:0000000000000000000000000000000000000000
master_repl_offset:50
second_repl_offset:-1
repl_backlog_active:1
repl_backlog_size:16777216
repl_backlog_first_byte_offset:1
repl_backlog_histlen:50
# CPU
# Modules
# Errorstats
# Cluster
# Keyspace
db0:keys=1,expires=0,avg_ttl=0
`);

/** One of its replicas. */
export const REPLICA = crlf(`
# Server
redis_version:7.0.15
redis_mode:standalone
process_id:582
run_id:ce72474217abbe6e54b3b65d940ec13de6b7b148
uptime_in_seconds:1
# Clients
connected_clients:2
# Memory
used_memory:1048136
used_memory_dataset:39000
# Persistence
loading:0
async_loading:0
rdb_bgsave_in_progress:0
rdb_last_bgsave_status:ok
aof_enabled:0
aof_last_write_status:ok
# Stats
total_net_repl_output_bytes:120
instantaneous_input_kbps:0.05
instantaneous_output_repl_kbps:0.00
sync_full:0
sync_partial_ok:0
sync_partial_err:0
# Replication
role:slave
master_host:10.0.0.123
master_port:6379
master_link_status:up
master_last_io_seconds_ago:1
master_sync_in_progress:0
slave_read_repl_offset:50
slave_repl_offset:50
slave_priority:100
slave_read_only:1
replica_announced:1
connected_slaves:0
master_failover_state:no-failover
master_replid:0e641ba78eb01f78914c2b11bd11babdfca415a6
master_replid2:0000000000000000000000000000000000000000
master_repl_offset:50
second_repl_offset:-1
repl_backlog_active:1
repl_backlog_size:16777216
repl_backlog_first_byte_offset:1
repl_backlog_histlen:50
# CPU
# Modules
# Errorstats
# Cluster
# Keyspace
db0:keys=1,expires=0,avg_ttl=0
`);

/** Lines that differ on a replica during a full synchronization. */
export const SYNCING = [
  ['master_link_status:up', 'master_link_status:down'],
  ['master_last_io_seconds_ago:1', 'master_last_io_seconds_ago:0'],
  [
    'master_sync_in_progress:0',
    'master_sync_in_progress:1\r\nmaster_sync_total_bytes:104857600\r\nmaster_sync_read_bytes:3145728\r\nmaster_sync_left_bytes:101711872',
  ],
] as const;

export function edited(info: string, edits: readonly (readonly [string, string])[]): string {
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`no ${from}`);
    return text.replace(from, to);
  }, info);
}

function crlf(text: string): string {
  return text.trimStart().replaceAll('\n', '\r\n');
}
