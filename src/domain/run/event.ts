import type { Action } from '../action.ts';
import type { Plan } from '../plan.ts';
import type { RedisopsError } from '../error.ts';
import type { Verification } from '../verification.ts';

/** Something that happened in a run. What is shown of it is decided elsewhere. */
export type RunEvent =
  | { kind: 'planned'; plan: Plan }
  | { kind: 'step-started'; step: number; of: number; action: Action }
  | { kind: 'step-progress'; step: number; of: number; action: Action; progress: Progress }
  | { kind: 'step-finished'; step: number; of: number; action: Action; changed: boolean; durationMs: number }
  | { kind: 'step-failed'; step: number; of: number; action: Action; error: RedisopsError }
  /** What a failed run left half done is put back; the plan’s steps follow. */
  | { kind: 'putting-back'; nodes: readonly string[]; plan: Plan }
  | { kind: 'verified'; verification: Verification };

export interface Progress {
  message: string;
  doneBytes?: number;
  totalBytes?: number;
  /** The total is what the master’s data takes in memory: the master sends without knowing how much it will be. */
  estimated?: boolean;
  /** At the pace of the last seconds. */
  secondsLeft?: number;
}

export type Emit = (event: RunEvent) => void;
