import type { AuditHead, ChainedEntry } from '../domain/audit/chain.ts';
import type { AuditProblem } from '../domain/audit/verify-chain.ts';
import type { AuditEntry } from '../domain/run/run.ts';

/** The evidence on this machine’s disk: one chain for each STATE_DIR, whoever writes. */
export interface AuditTrail {
  /** Names the chain elsewhere: host and folder. */
  place: string;
  /** On disk on return. @throws AUDIT_FAILED */
  append(entry: AuditEntry): Promise<ChainedEntry>;
  /** Whether something new may begin. @throws STATE_DIR_FULL, AUDIT_FAILED */
  ready(): Promise<void>;
  /** @param head As kept elsewhere; null if there is none. @throws AUDIT_FAILED if a file cannot be read */
  examine(head: AuditHead | null, limit: number, cluster: string | null): Promise<AuditView>;
}

/** The newest entries, and whether the whole chain holds. */
export interface AuditView {
  /** Newest first. */
  entries: readonly ChainedEntry[];
  head: AuditHead | null;
  problems: readonly AuditProblem[];
}
