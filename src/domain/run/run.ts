import type { Backup } from '../redis/backup.ts';
import { CODES, type Code } from '../code.ts';
import { forPeople, RedisopsError } from '../error.ts';
import type { Goal } from '../goal.ts';
import type { Plan } from '../plan.ts';
import type { Verification } from '../verification.ts';

/** Who asked, and from where. */
export interface Origin {
  from: 'slack' | 'github' | 'cli' | 'redisops';
  /** Slack user ID, GitHub login or operating system user; `drift` where redisops applies by itself. */
  actor: string;
  /** For a merge: its pull request. */
  pullRequest?: number | undefined;
}

export type Outcome = 'done' | 'nothing-to-do' | 'refused' | 'failed';

/** Ansible’s recap per host: what its readers are used to. */
export interface NodeRecap {
  name: string;
  /** Steps that ended well. */
  ok: number;
  /** Of these, steps that changed the node. */
  changed: number;
  failed: number;
  /** Planned steps that were not begun. */
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
  /** What was copied before it was given up. */
  backups?: readonly Backup[] | undefined;
  /** Why a freeze was broken, and by whom. */
  breakGlass?: { reason: string; by: string } | undefined;
  /** What became of the nodes that it left half done. */
  putBack?: PutBack | undefined;
}

export interface PutBack {
  /** Nodes that have their previous files again, and a Redis that runs by them. */
  nodes: readonly string[];
  /** Why not all of it is as it was; null where it is. */
  failure: string | null;
}

export type RunStatus = 'queued' | 'planning' | 'awaiting-approval' | 'running' | Outcome | 'denied' | 'expired';

/** What is kept of a run. */
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
  /** Of a merge, the commit that it was compared with: who may approve is what stood there. */
  base?: string | undefined;
  /** How often it was taken up, by jobs of different names; once where it is not given. */
  attempt?: number | undefined;
  /** Where the plan needed an approval, and somebody decided. */
  decision?: Decision | undefined;
  /** Why a freeze is broken for it; then a second person approves it, always. */
  breakGlass?: string | undefined;
  /** What keeps a merge from starting, and since when; null where it has started since. */
  waits?: { code: Code; message: string; since: string } | null | undefined;
  /** How often it waited: the jobs after that do not count as further attempts. */
  waited?: number | undefined;
  /** Where somebody asked that it ends before its end. */
  stop?: Stop | undefined;
}

/** Who stopped a run. */
export interface Stop {
  /** For people: a name, or an ID. */
  by: string;
  /** ISO 8601. */
  at: string;
}

/** What a request to stop a run met. `ended`: it was over before. */
export type AskedStop = 'asked' | 'asked-before' | 'ended' | 'unknown';

/** Who said yes or no to a run’s plan. */
export interface Decision {
  /** Slack user ID. */
  by: string;
  decision: 'approved' | 'denied';
  /** ISO 8601. */
  at: string;
}

/** A plan that waits for a second person. */
export interface ApprovalRequest {
  id: string;
  run: string;
  cluster: string;
  plan: Plan;
  requester: Origin;
  /** ISO 8601. */
  expiresAt: string;
  /** Why a freeze is broken. */
  breakGlass?: string | undefined;
}

/** One line of the audit: attempts that were refused stand there too. */
export interface AuditEntry {
  /** ISO 8601. */
  at: string;
  origin: Origin;
  cluster: string;
  what: string;
  outcome: string;
  run: string | null;
}

/**
 * What ends a worker’s part in a run, and not the run: as after the worker’s death it stays open, and goes on from the
 * nodes as they are. Only the queue knows whose the run is by then.
 */
export const STAYS_OPEN: ReadonlySet<Code> = new Set<Code>(['HOLD_LOST', 'QUEUE_FAILED', 'WORKER_ENDED']);

/** A run that ended before any step: refused by a guard, or failed on the way to its plan. */
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

/** What a result says of it. */
export function brokenGlass({ breakGlass, origin }: RunRecord): Pick<RunResult, 'breakGlass'> {
  return breakGlass === undefined ? {} : { breakGlass: { reason: breakGlass, by: origin.actor } };
}

/** As `forPeople` has it, for what is kept and told of a run. */
export function withoutForeignWords(result: RunResult): RunResult {
  const { code, message, hint } = result;
  return { ...result, message: forPeople(new RedisopsError(code, message, { hint: hint ?? '' })).message };
}

/** Denied and expired are ends of their own: no guard refused anything. */
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
