import type { Action } from './action.ts';
import type { Code } from './code.ts';
import type { Goal } from './goal.ts';

/** What would be done, in order, and what blocks it. Free of secrets. */
export interface Plan {
  cluster: string;
  /** Git’s revision that it was planned for. */
  revision: string;
  goal: Goal;
  waves: readonly Wave[];
  /** Any blocker, and nothing runs. */
  blockers: readonly Blocker[];
  /** Warnings before saying yes. */
  risks: readonly Risk[];
  topology: Topology;
  /** SHA-256 over goal, cluster, revision, waves and topology: what an approval binds. */
  digest: string;
}

/** Nodes of one wave go at the same time, a node’s own actions in their order; the next wave waits for this one. */
export interface Wave {
  actions: readonly Action[];
}

export interface Blocker {
  code: Code;
  /** Null where it is the cluster’s. */
  node: string | null;
  message: string;
  hint: string;
}

export interface Risk {
  code: Code | null;
  node: string | null;
  message: string;
}

/** Who replicates from whom, as observed: part of what is approved. */
export interface Topology {
  /** Inventory name of the master, or null where there is none yet. */
  master: string | null;
  nodes: readonly {
    name: string;
    role: 'master' | 'replica' | 'down' | 'unreadable' | 'unreachable';
    runId: string | null;
  }[];
}

export function actionsOf(plan: Pick<Plan, 'waves'>): readonly Action[] {
  return plan.waves.flatMap((wave) => wave.actions);
}

export function isEmpty(plan: Plan): boolean {
  return plan.waves.every(({ actions }) => actions.length === 0);
}

/** Keys that nobody has any more after it, but for a backup. */
export function keysGivenUp(plan: Plan): number {
  const figures = actionsOf(plan).map((action) => {
    if (action.kind === 'replicate') return action.drops ?? 0;
    return action.kind === 'restart-unit' && action.data?.kept === null ? action.data.keysAtMost : 0;
  });
  return figures.reduce((sum, keys) => sum + keys, 0);
}

export function isDisruptive(plan: Plan): boolean {
  return actionsOf(plan).some((action) => action.disruptive);
}
