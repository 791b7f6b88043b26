import type { Code } from '../domain/code.ts';
import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import type { ReachableNode } from '../domain/facts.ts';
import type { Severity } from '../domain/finding.ts';
import type { Goal } from '../domain/goal.ts';

/** What a rule knows of a cause. */
export interface Diagnosis {
  id: Code;
  node: string;
  /** `cause` where absent. */
  severity?: Severity;
  cause: string;
  evidence: readonly string[];
  notBecause?: readonly string[];
  /** What a person does about it: the remedy wherever redisops has none, or its plan is blocked. */
  byHand: string;
  /** What redisops does about it. It is advised only where the goal’s plan is not blocked and changes the node. */
  fix?: Fix;
}

export interface Fix {
  goal: Goal;
  does: string;
  /** Whether it may be carried out without a person. */
  safe: boolean;
}

/** From what was read of one node to what is wrong with it. */
export type Rule = (facts: ReachableNode, node: DesiredNode, desired: DesiredCluster) => readonly Diagnosis[];
