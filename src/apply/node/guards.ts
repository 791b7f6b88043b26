/**
 * The checks right before a step that could lose data. A plan has blockers for the same cases; a guard catches what
 * changed since. All are on: only the tests that show the disaster behind each disable one.
 */
export type Guard =
  /** A master that holds data is not restarted, nor a Redis whose file would change its role. */
  | 'restart'
  /** A master is not started where its replicas would copy the emptiness, nor a replica over data of its own. */
  | 'start'
  /** A node that holds keys is not told to follow a master that has not got them. */
  | 'replicate'
  /** A replica that holds data is not let through to a master that holds less. */
  | 'cure'
  /** A replica with the data is not restarted while another one is still without it. */
  | 'other-replicas'
  /** The role goes to nobody who lacks a byte. */
  | 'in-sync'
  /** The role does not move while a replica lags so far that it would have to give up its copy. */
  | 'output-buffers'
  /** A master is demoted only while its writes are held back. */
  | 'demotion'
  /** No file goes that may be the last copy. */
  | 'purge';

export const NO_GUARD_DISABLED: ReadonlySet<Guard> = new Set();
