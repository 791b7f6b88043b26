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
}
