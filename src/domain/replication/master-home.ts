/**
 * Where the master’s role belongs while a run has it on another node, which keeps this on disk. It holds for the
 * replication history that began with the hand-over: every later promotion begins another one (replication.c,
 * shiftReplicationId).
 */
export interface MasterHome {
  /** Inventory name. */
  node: string;
  replicationId: string;
}

/** Root’s own, and outlives a reboot. One file for each unit: `redis-server.master-home`. */
export const MASTER_HOME_FOLDER = '/var/lib/redisops';

/** One line: `redis-01 1f2e…`. Null for anything else. */
export function parseMasterHome(text: string): MasterHome | null {
  const [, node, replicationId] = /^(\S+) ([\da-f]{40})$/.exec(text.trim()) ?? [];
  return node === undefined || replicationId === undefined ? null : { node, replicationId };
}
