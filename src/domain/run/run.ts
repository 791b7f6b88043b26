import type { Backup } from '../redis/backup.ts';
import { CODES, type Code } from '../code.ts';
import { forPeople, RedisopsError } from '../error.ts';
import type { Goal } from '../goal.ts';
import type { Plan } from '../plan.ts';
import type { DrillFigures, FailoverFigures } from './failover-figures.ts';
import type { Participant } from './participants.ts';
import type { Outage } from './outage.ts';
import type { Verification } from '../verification.ts';

/** The requester, and where they asked. */
export interface Origin {
  from: 'slack' | 'github' | 'cli' | 'redisops';
  /** Slack user ID, GitHub login or operating system user; `drift` for automatic runs. */
  actor: string;
  /** As the person is called there, if it is known. */
  name?: string | undefined;
  /** The merged pull request. */
  pullRequest?: number | undefined;
}

export type Outcome = 'done' | 'nothing-to-do' | 'refused' | 'failed';

/** Ansible’s recap per host, which operators already know. */
export interface NodeRecap {
  name: string;
  /** Steps that succeeded. */
  ok: number;
  /** Of these, steps that changed the node. */
  changed: number;
  failed: number;
  /** Planned steps that never began. */
  skipped: number;
}

export interface RunResult {
  run: string;
  cluster: string;
  goal: Goal;
  revision: string;
  outcome: Outcome;
  code: Code;
  /** One sentence for people. */
  message: string;
  hint: string | null;
  plan: Plan | null;
  nodes: readonly NodeRecap[];
  verification: Verification | null;
  durationMs: number;
  /** Copies of data that was given up. */
  backups?: readonly Backup[] | undefined;
  /** Who broke a freeze, and why. */
  breakGlass?: { reason: string; by: string } | undefined;
  /** How long clients were refused; null where the run left the master alone. */
  outageMs?: Outage | null | undefined;
  /** Of a failover. */
  failover?: FailoverFigures | undefined;
  /** Of a drill. */
  drill?: DrillFigures | undefined;
  /** What was done about nodes left half done. */
  putBack?: PutBack | undefined;
}

export interface PutBack {
  /** Nodes with their previous files and a Redis that runs by them. */
  nodes: readonly string[];
  /** Why some are not back as before; null if all are. */
  failure: string | null;
}

export type RunStatus = 'queued' | 'planning' | 'awaiting-approval' | 'running' | Outcome | 'denied' | 'expired';

/** The stored record of a run. */
export interface RunRecord {
  run: string;
  cluster: string;
  goal: Goal;
  revision: string;
  origin: Origin;
  status: RunStatus;
  code: Code | null;
  message: string | null;
  /** ISO 8601. */
  requestedAt: string;
  finishedAt: string | null;
  durationMs: number | null;
  /** The base commit of a merge: its rules decide who may approve. */
  base?: string | undefined;
  /** How many times it was started, by jobs of different names; default: once. */
  attempt?: number | undefined;
  /** The decision, if the plan needed an approval. */
  decision?: Decision | undefined;
  /** The name in Slack of who decided. */
  decidedBy?: string | undefined;
  /** The reason for breaking a freeze; a second person must then approve. */
  breakGlass?: string | undefined;
  /** What keeps a merge from starting, since when, and until when at least; null once it has started. */
  waits?: { code: Code; message: string; since: string; until?: string | undefined } | null | undefined;
  /** How many times it waited: those jobs are not attempts. */
  waited?: number | undefined;
  /** How many times it was planned again, after trouble that passes. */
  retries?: number | undefined;
  /** Set when someone asked to stop the run. */
  stop?: Stop | undefined;
}

/** Who stopped a run, and when. */
export interface Stop {
  /** A name or an ID, for display. */
  by: string;
  /** ISO 8601. */
  at: string;
}

/** The result of a stop request. `ended`: already over. */
export type AskedStop = 'asked' | 'asked-before' | 'ended' | 'unknown';

/** Who approved or denied a run’s plan. */
export interface Decision {
  /** Slack user ID. */
  by: string;
  decision: 'approved' | 'denied';
  /** ISO 8601. */
  at: string;
}

/** A plan awaiting a second person’s approval. */
export interface ApprovalRequest {
  id: string;
  run: string;
  cluster: string;
  plan: Plan;
  requester: Origin;
  /** Those who brought the change: none of them may approve it. Version 0.1 kept only the requester. */
  participants?: readonly Participant[] | undefined;
  /** ISO 8601. */
  expiresAt: string;
  /** The reason for breaking a freeze. */
  breakGlass?: string | undefined;
}

/** An audit entry; includes refused attempts. */
export interface AuditEntry {
  /** ISO 8601. */
  at: string;
  origin: Origin;
  cluster: string;
  what: string;
  outcome: string;
  run: string | null;
  /** The digest of the plan that was decided on. */
  plan?: string | undefined;
}

/**
 * Codes that end a worker’s part but not the run: it stays open, as after the worker’s death, and continues from the
 * nodes’ current state. Only the queue knows which worker has the run by then.
 */
export const STAYS_OPEN: ReadonlySet<Code> = new Set<Code>(['HOLD_LOST', 'QUEUE_FAILED', 'WORKER_ENDED']);

/** The result of a run that ended before any step: blocked by a guard, or failed while planning. */
export function endedEarly(run: RunRecord, error: RedisopsError, plan: Plan | null): RunResult {
  return {
    run: run.run,
    cluster: run.cluster,
    goal: run.goal,
    revision: plan?.revision ?? run.revision,
    outcome: CODES[error.code].exit === 1 ? 'failed' : 'refused',
    code: error.code,
    message: error.message,
    hint: error.hint,
    plan,
    nodes: [],
    verification: null,
    durationMs: 0,
    ...brokenGlass(run),
  };
}

export function brokenGlass({ breakGlass, origin }: RunRecord): Pick<RunResult, 'breakGlass'> {
  return breakGlass === undefined ? {} : { breakGlass: { reason: breakGlass, by: origin.actor } };
}

/** Foreign error messages replaced as by `forPeople`, for records and messages. */
export function withoutForeignWords(result: RunResult): RunResult {
  const { code, message, hint } = result;
  return { ...result, message: forPeople(new RedisopsError(code, message, { hint: hint ?? '' })).message };
}

/** Denied and expired have statuses of their own: no guard refused anything. */
export function endStatus({ code, outcome }: Pick<RunResult, 'code' | 'outcome'>): RunStatus {
  if (code === 'APPROVAL_DENIED') return 'denied';
  return code === 'APPROVAL_EXPIRED' ? 'expired' : outcome;
}

export function isFinal(status: RunStatus): boolean {
  switch (status) {
    case 'queued':
    case 'planning':
    case 'awaiting-approval':
    case 'running':
      return false;
    case 'done':
    case 'nothing-to-do':
    case 'refused':
    case 'failed':
    case 'denied':
    case 'expired':
      return true;
  }
}
