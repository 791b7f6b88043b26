import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import type { ReachableNode } from '../domain/facts.ts';
import type { Finding } from '../domain/finding.ts';

/** From what was read of one node to what is wrong with it. */
export type Rule = (facts: ReachableNode, node: DesiredNode, desired: DesiredCluster) => readonly Finding[];
