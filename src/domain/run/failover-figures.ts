/** What a failover moved, and what it cost clients, as measured. */
export interface FailoverFigures {
  /** The master before; null if there was none. */
  from: string | null;
  /** The master afterwards; null if the role was not moved. */
  to: string | null;
  /** How long the hand-over held writes back; null if it did not. */
  writesHeldBackMs: number | null;
  /** Of a counter that was increased all the while; null if no write was acknowledged. */
  writes: Writes | null;
}

export interface Writes {
  acknowledged: number;
  /** Acknowledged, but not in the count on the new master. */
  lost: number;
  /** The longest time without an acknowledgement, for a client that follows the role. Milliseconds. */
  longestGapMs?: number | undefined;
  /** Answers READONLY: from a node that was the master before. */
  readOnly?: number | undefined;
}

/** What a drill showed, besides the figures of its failover. */
export interface DrillFigures {
  /** Resynchronizations that the nodes counted meanwhile. */
  syncs: { full: number; partial: number };
  nodes: readonly { name: string; before: NodeFigures; after: NodeFigures }[];
}

export interface NodeFigures {
  role: 'master' | 'replica';
  keys: number;
  /** Bytes. */
  offset: number;
}
