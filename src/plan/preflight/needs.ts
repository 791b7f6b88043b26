import type { Blocker, Risk } from '../../domain/plan.ts';

/** What a plan’s steps need of the nodes and lack there. */
export interface Needs {
  blockers: readonly Blocker[];
  risks: readonly Risk[];
}
