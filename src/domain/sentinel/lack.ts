import type { Code } from '../code.ts';

/** Why an automatic failover would fail, or do harm, although the cluster may be healthy. */
export interface Lack {
  code: Code;
  /** The nodes concerned; empty for the whole cluster. */
  nodes: readonly string[];
  message: string;
  evidence: readonly string[];
  cure: string;
  /** A failover works, with less safety. */
  isWarning?: true;
}
