import type { Action } from '../action.ts';
import type { Plan } from '../plan.ts';
import type { RedisopsError } from '../error.ts';
import type { Verification } from '../verification.ts';

/** An event in a run. Reports decide what is shown. */
export type RunEvent =
  | { kind: 'planned'; plan: Plan }
  | { kind: 'step-started'; step: number; of: number; action: Action }
  | { kind: 'step-progress'; step: number; of: number; action: Action; progress: Progress }
  | { kind: 'step-finished'; step: number; of: number; action: Action; changed: boolean; durationMs: number }
  | { kind: 'step-failed'; step: number; of: number; action: Action; error: RedisopsError }
  /** Nodes left half done by a failed run are being put back; the plan’s steps follow. */
  | { kind: 'putting-back'; nodes: readonly string[]; plan: Plan }
  | { kind: 'verified'; verification: Verification };

export interface Progress {
  message: string;
  doneBytes?: number;
  totalBytes?: number;
  /** The total is the size of the master’s data in memory: the master does not know the snapshot’s size in advance. */
  estimated?: boolean;
  /** At the rate of the last seconds. */
  secondsLeft?: number;
  /** How long a hand-over held writes back. */
  heldBackMs?: number;
}

export type Emit = (event: RunEvent) => void;
