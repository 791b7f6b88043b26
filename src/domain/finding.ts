import type { Code } from './code.ts';
import type { Goal } from './goal.ts';

/**
 * cause: known. suspected: likely. symptom: reported by the verdict or the plan and explained by no rule. warning: a
 * risk that breaks nothing yet.
 */
export type Severity = 'cause' | 'suspected' | 'symptom' | 'warning';

/** What is wrong, with its evidence and its remedy. */
export interface Finding {
  id: Code;
  /** Null for findings about the whole cluster. */
  node: string | null;
  /** All affected nodes. */
  nodes: readonly string[];
  /** ISO 8601; null if unknown. */
  since: string | null;
  severity: Severity;
  cause: string;
  evidence: readonly string[];
  /** Similar causes that were ruled out. */
  notBecause: readonly string[];
  remedy: string;
  /** Whether redisops may apply the remedy without a person. */
  safe: boolean;
  /** The goal that applies the remedy; null if only a person can. */
  fix: Goal | null;
}

/** Whether there is nothing worse than a warning. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ severity }) => severity === 'warning');
}
