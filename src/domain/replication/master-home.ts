import type { History } from './history.ts';

/**
 * Where the master’s role belongs once a run has moved it: stored on the node that has it. For the length of a restart
 * that is another node, after a failover the node itself. Valid for the replication history that began with the
 * hand-over: any later promotion begins a new one (replication.c, shiftReplicationId).
 */
export interface MasterHome {
  /** Inventory name. */
  node: string;
  replicationId: string;
  /** Nodes that a person’s decision passed over: where they claim to be the master, they are not. */
  over?: readonly string[];
}

type Position = Pick<History, 'replicationId' | 'replicationId2'>;

/** Whether the note is of the node’s history. A start from its own data begins a new one after that (rdb.c, `repl-id`). */
export function isOfHistory({ replicationId }: MasterHome, position: Position): boolean {
  return replicationId === position.replicationId || replicationId === position.replicationId2;
}

/** Whether the node’s own note gives it the role for good. */
export function isSettledOn(name: string, note: MasterHome | null, position: Position): boolean {
  return note?.node === name && isOfHistory(note, position);
}

/** Owned by root; survives reboots. One file per unit: `redis-server.master-home`. */
export const MASTER_HOME_FOLDER = '/var/lib/redisops';

/** Parses one line: `redis-01 1f2e…`, or `redis-02 1f2e… over redis-01 redis-03`. Null for anything else. */
export function parseMasterHome(text: string): MasterHome | null {
  const [node, replicationId = '', word, ...over] = text.trim().split(/\s/);
  if (!node || !/^[\da-f]{40}$/.test(replicationId)) return null;
  if (word === undefined) return { node, replicationId };
  return word === 'over' && over.length > 0 ? { node, replicationId, over } : null;
}
