/** A node’s position in replication. Offsets in bytes. */
export interface History {
  /** `master_replid` and `master_replid2`. */
  replicationId: string;
  replicationId2: string;
  /** `master_repl_offset`; on a replica `slave_repl_offset`. */
  offset: number;
  /** `second_repl_offset`: the first offset outside `replicationId2`’s history; −1 if there is none. */
  secondOffset: number;
}

/**
 * Whether all data on the node is part of the master’s history, so that following the master loses nothing. A
 * replication ID names a history, an offset a position in it; the second ID is the history a promoted node came from,
 * up to its second offset (Redis’s replication.c, PSYNC2).
 */
export function sharesHistory(node: History, master: History): boolean {
  if (node.replicationId === master.replicationId) return node.offset <= master.offset;
  const beforeItsPromotion = node.replicationId === master.replicationId2 && node.offset < master.secondOffset;
  if (beforeItsPromotion) return true;
  return isUntouchedCopy(node, master);
}

/** Whether the node was the master’s replica, was promoted, and has taken no writes since. */
export function isUntouchedCopy(node: History, master: History): boolean {
  const untouched = node.replicationId2 === master.replicationId && node.offset + 1 === node.secondOffset;
  return untouched && node.offset <= master.offset;
}
