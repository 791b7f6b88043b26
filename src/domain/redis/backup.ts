/** A copy of all that a node held, kept by redisops: an RDB file, and beside it what is said here. */
export interface Backup {
  /** Of the RDB file. */
  path: string;
  cluster: string;
  node: string;
  /** The run that made it. */
  run: string;
  /** ISO 8601. */
  at: string;
  keys: number;
  bytes: number;
  sha256: string;
  /** The node right before it was begun. */
  written: Written;
}

/**
 * How far a Redis was written, by its own count: the same again means that no client wrote in between. Saves of its own
 * begin the count anew, which the time of the last one tells.
 */
export interface Written {
  runId: string;
  /** `rdb_changes_since_last_save`. */
  changes: number;
  /** `rdb_last_save_time`. */
  lastSave: number;
}

export function isSameWritten(a: Written, b: Written): boolean {
  return a.runId === b.runId && a.changes === b.changes && a.lastSave === b.lastSave;
}
