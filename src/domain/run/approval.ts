import type { Decision } from './run.ts';

/** Somebody’s decision on a plan, before anybody checked whether it counts. */
export interface ApprovalClick {
  approval: string;
  /** Of the plan that the person saw. */
  digest: string;
  by: string;
  decision: Decision['decision'];
}

/** `stale`: a plan other than the one they saw waits now. `stopped`: somebody stopped its run. `ended`: its run is over. */
export type SpentApproval = 'spent' | 'already-spent' | 'expired' | 'stale' | 'stopped' | 'ended' | 'unknown';
