import type { Code } from './code.ts';
import type { Goal } from './goal.ts';

/**
 * A cause is known; a suspected one is likely; a symptom is what the verdict or the plan reports, and no rule explains; a
 * warning is a risk that breaks nothing yet.
 */
export type Severity = 'cause' | 'suspected' | 'symptom' | 'warning';

/** What is wrong, with its evidence and its remedy. */
export interface Finding {
  id: Code;
  /** Null where it concerns the cluster. */
  node: string | null;
  /** All nodes that it concerns. */
  nodes: readonly string[];
  /** ISO 8601; null where unknown. */
  since: string | null;
  severity: Severity;
  cause: string;
  evidence: readonly string[];
  /** Look-alikes that were ruled out. */
  notBecause: readonly string[];
  remedy: string;
  /** Whether redisops may carry out the remedy without a person. */
  safe: boolean;
  /** The goal that carries out the remedy; null where a person must. */
  fix: Goal | null;
}

/** Whether nothing worse than a warning was found. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ severity }) => severity === 'warning');
}
