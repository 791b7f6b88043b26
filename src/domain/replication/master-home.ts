/**
 * Where the master’s role belongs once a run has moved it: stored on the node that has it. For the length of a restart
 * that is another node, after a failover the node itself. Valid for the replication history that began with the hand-over: any later promotion begins a new one (replication.c,
 * shiftReplicationId).
 */
export interface MasterHome {
  /** Inventory name. */
  node: string;
  replicationId: string;
}

/** Owned by root; survives reboots. One file per unit: `redis-server.master-home`. */
export const MASTER_HOME_FOLDER = '/var/lib/redisops';

/** Parses one line: `redis-01 1f2e…`. Null for anything else. */
export function parseMasterHome(text: string): MasterHome | null {
  const [, node, replicationId] = /^(\S+) ([\da-f]{40})$/.exec(text.trim()) ?? [];
  return node === undefined || replicationId === undefined ? null : { node, replicationId };
}
