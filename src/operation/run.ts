import type { Emit } from '../domain/run/event.ts';
import type { JournalEntry } from '../domain/run/journal.ts';
import type { Secret } from '../domain/secret.ts';
import type { Backups } from '../ports/backups.ts';
import type { Clock } from '../ports/clock.ts';
import type { EvidenceStore } from '../ports/evidence.ts';
import type { Looks } from '../ports/looks.ts';
import type { Nodes } from '../ports/nodes.ts';

/** How long the bot’s runs wait for an unreachable node: longer than a network glitch or an sshd restart. */
export const REACH_MS = 15_000;

/** What reading and changing a cluster need from outside. */
export interface OperationPorts {
  nodes: Nodes;
  clock: Clock;
  vaultPassword?: Secret;
  /** How long a run retries a node that is out of reach (a network that comes back, a host that boots). Default: no retry. */
  reachMs?: number;
  /** Where backups are kept. Without it, a plan that needs a backup fails at that step. */
  backups?: Backups;
  /** Where the evidence of intrusions is kept. */
  evidence?: EvidenceStore;
  /** Where the last look is remembered. Without it, nothing is known of what happened before. */
  looks?: Looks;
  /** The run ID of the queue’s Redis; null for one of its own, which is no node. */
  queueRunId?: () => Promise<string | null>;
}

/** A run, as far as executing its plan needs it. */
export interface Run {
  id: string;
  /** The requester, shown to anyone this run keeps out. */
  holder: string;
  emit: Emit;
  record(entry: JournalEntry): Promise<void>;
  /** Steps by an earlier worker that died; empty for a new run. */
  journal: readonly JournalEntry[];
  /** Aborts when the run should end at its next safe point. */
  stop?: AbortSignal;
}
