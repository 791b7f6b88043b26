/**
 * Checks right before a step that could lose data. A plan has blockers for the same cases; a guard catches changes
 * since then. All are on: only tests disable one, to show the disaster behind it.
 */
export type Guard =
  /** No restart of a master that holds data, nor of a Redis whose file would change its role. */
  | 'restart'
  /** No start of a master whose replicas would copy an empty data set, nor of a replica over data of its own. */
  | 'start'
  /** No node with keys follows a master that lacks them. */
  | 'replicate'
  /** No replica with data connects to a master with less. */
  | 'cure'
  /** No restart of a replica with the data while another is still without it. */
  | 'other-replicas'
  /** The role moves only to a node that has every byte. */
  | 'in-sync'
  /** The role does not move while a lagging replica would need a full synchronization afterwards. */
  | 'output-buffers'
  /** A master is demoted only while its writes are paused. */
  | 'demotion'
  /** No file is removed that may be the last copy. */
  | 'purge';

export const NO_GUARD_DISABLED: ReadonlySet<Guard> = new Set();
