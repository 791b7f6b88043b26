import type { RunRecord } from './run.ts';

export interface RunHistory {
  /** Newest first. */
  runs: readonly RunRecord[];
  /** Runs stored by another version of redisops that this one cannot read. */
  unreadable: readonly string[];
}
