import type { Origin } from './run.ts';

/** While a cluster is locked, no run of it starts. */
export interface Lock {
  by: Origin;
  reason: string;
  /** ISO 8601. */
  at: string;
  /** ISO 8601; null: until somebody unlocks. */
  until: string | null;
}

export const LONGEST_REASON = 200;
