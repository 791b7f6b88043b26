import type { Blocker, Risk } from '../../domain/plan.ts';

/** What the plan’s steps need and the nodes lack. */
export interface Needs {
  blockers: readonly Blocker[];
  risks: readonly Risk[];
}
