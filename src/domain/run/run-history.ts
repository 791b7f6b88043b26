import type { RunRecord } from './run.ts';

export interface RunHistory {
  /** Newest first. */
  runs: readonly RunRecord[];
  /** Names of runs that another version of redisops wrote, and this one cannot read. */
  unreadable: readonly string[];
}
