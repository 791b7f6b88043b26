import type { Origin } from './run.ts';

/** No run of a locked cluster starts. */
export interface Lock {
  by: Origin;
  reason: string;
  /** ISO 8601. */
  at: string;
  /** ISO 8601; null: until unlocked. */
  until: string | null;
}

export const LONGEST_REASON = 200;
