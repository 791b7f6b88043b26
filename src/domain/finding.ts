import type { Code } from './code.ts';

/** A diagnosed cause, with what shows it and what puts it right. */
export interface Finding {
  id: Code;
  node: string | null;
  cause: string;
  evidence: readonly string[];
  remedy: string;
  /** Whether the remedy may be carried out without a person. */
  safe: boolean;
}
