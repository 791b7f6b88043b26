/** A backup made by redisops of everything a node held: an RDB file with this metadata beside it. */
export interface Backup {
  /** Path of the RDB file. */
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
  /** The node’s write count right before the backup. */
  written: Written;
}

/**
 * How much was written to a Redis, by its own counters: equal values mean no client wrote in between. A save resets the
 * counter, which its timestamp reveals.
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
