import type { Action, Opening, WriteFile } from './action.ts';
import type { Code } from './code.ts';
import type { Goal } from './goal.ts';

/** The changes to be made, in order, and what blocks them. Free of secrets. */
export interface Plan {
  cluster: string;
  /** The Git revision the plan was made for. */
  revision: string;
  goal: Goal;
  waves: readonly Wave[];
  /** A single blocker stops the whole plan. */
  blockers: readonly Blocker[];
  /** Shown to the approver. */
  risks: readonly Risk[];
  topology: Topology;
  /** Of a failover: every node, and whether it could take the master’s role. */
  candidates?: readonly Candidate[];
  /** SHA-256 of goal, cluster, revision, waves and topology: an approval is bound to it. */
  digest: string;
}

/** The nodes of a wave change in parallel, the actions of a node in order; the next wave waits for this one. */
export interface Wave {
  actions: readonly Action[];
}

export interface Blocker {
  code: Code;
  /** Null for the whole cluster. */
  node: string | null;
  message: string;
  hint: string;
}

export interface Risk {
  code: Code | null;
  node: string | null;
  message: string;
}

/** Whether a node could take the master’s role. */
export interface Candidate {
  node: string;
  isCandidate: boolean;
  /** Why not; for a candidate, what speaks for it. */
  reasons: readonly string[];
}

/** Who replicates from whom, as observed: part of what is approved. */
export interface Topology {
  /** Inventory name of the master; null if there is none yet. */
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

export function hasActions({ actions }: Wave): boolean {
  return actions.length > 0;
}

export function isEmpty(plan: Plan): boolean {
  return !plan.waves.some(hasActions);
}

/** Number of keys that exist only in a backup after the plan. */
export function keysGivenUp(plan: Plan): number {
  const figures = actionsOf(plan).map((action) => {
    if (action.kind === 'replicate') return action.drops ?? 0;
    return action.kind === 'restart-unit' && action.data?.kept === null ? action.data.keysAtMost : 0;
  });
  return figures.reduce((sum, keys) => sum + keys, 0);
}

/** Bytes known to have been written that the plan’s failover loses. */
export function bytesLost(plan: Plan): number {
  return actionsOf(plan).reduce((sum, action) => {
    return action.kind === 'promote' ? sum + (action.lost?.losesBytes ?? 0) : sum;
  }, 0);
}

/**
 * Whether a person has to approve it: it has a change that is not known to be harmless, replaces files that someone else
 * wrote, or takes a node in.
 */
export function needsApproval(plan: Plan): boolean {
  return isDisruptive(plan) || adoptedFiles(plan).length > 0 || newNodes(plan).length > 0;
}

/** The nodes that redisops would manage for the first time. */
export function newNodes({ risks }: Pick<Plan, 'risks'>): readonly string[] {
  return risks.flatMap(({ code, node }) => (code === 'NODE_NEW' && node !== null ? [node] : []));
}

/** The files that someone else wrote, and the plan replaces for the first time. */
export function adoptedFiles(plan: Pick<Plan, 'waves'>): readonly WriteFile[] {
  return actionsOf(plan).filter(
    (action): action is WriteFile => action.kind === 'write-file' && action.adopts === true,
  );
}

/** What the plan opens, node by node: it needs an approval whatever the rules say. */
export function openingsIn(plan: Pick<Plan, 'waves'>): readonly { node: string; opening: Opening }[] {
  return actionsOf(plan).flatMap(({ node, opens = [] }) => opens.map((opening) => ({ node, opening })));
}

export function isDisruptive(plan: Plan): boolean {
  return actionsOf(plan).some((action) => action.disruptive);
}
