import type { Code } from '../domain/code.ts';
import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import type { NodeFacts, ReachableNode } from '../domain/facts.ts';
import type { Severity } from '../domain/finding.ts';
import type { Goal } from '../domain/goal.ts';

/** A rule’s diagnosis of a cause. */
export interface Diagnosis {
  id: Code;
  node: string;
  /** ISO 8601; null or absent if unknown. */
  since?: string | null;
  /** Default: `cause`. */
  severity?: Severity;
  cause: string;
  evidence: readonly string[];
  notBecause?: readonly string[];
  /** What a person can do: the remedy if redisops has none, or its plan is blocked. */
  byHand: string;
  /** What redisops can do; advised only if the goal’s plan is not blocked and changes the node. */
  fix?: Fix;
}

export interface Fix {
  goal: Goal;
  does: string;
  /** Whether it may be done without a person. */
  safe: boolean;
}

/** Finds a node’s problems in its facts. */
export type Rule = (
  facts: ReachableNode,
  node: DesiredNode,
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
) => readonly Diagnosis[];
