import type { ReplicationState } from './replication-state.ts';

type History = Pick<ReplicationState, 'replicationId' | 'replicationId2' | 'offset' | 'secondOffset'>;

/**
 * Whether everything that the node holds is part of the master’s history, so that following the master loses nothing.
 * A replication ID names a history, an offset how far it was followed; the second ID is the history that a promoted
 * node came from, up to its second offset (Redis’s replication.c, PSYNC2).
 */
export function sharesHistory(node: History, master: History): boolean {
  if (node.replicationId === master.replicationId) return node.offset <= master.offset;
  const beforeItsPromotion = node.replicationId === master.replicationId2 && node.offset < master.secondOffset;
  if (beforeItsPromotion) return true;
  const detachedAndUntouched = node.replicationId2 === master.replicationId && node.offset + 1 === node.secondOffset;
  return detachedAndUntouched && node.offset <= master.offset;
}
