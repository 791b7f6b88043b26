import type { AuditHead, ChainedEntry } from '../domain/audit/chain.ts';
import type { ApprovalClick } from '../domain/chat/click.ts';
import type { DriftRecord } from '../domain/drift/drift-record.ts';
import type { FailoverRecord, WatchedMaster } from '../domain/failover/failover-record.ts';
import type { HealthRecord } from '../domain/health/health-record.ts';
import type { DriftTurn } from '../domain/drift/drift-turn.ts';
import type { MessageReference } from '../domain/chat/message.ts';
import type { Expiry, SpentApproval } from '../domain/run/approval.ts';
import type { JournalEntry } from '../domain/run/journal.ts';
import type { Looks } from './looks.ts';
import type { Lock } from '../domain/run/lock.ts';
import type { Outbox } from './outbox.ts';
import type { RunHistory } from '../domain/run/run-history.ts';
import type {
  ApprovalRequest,
  AskedStop,
  AuditEntry,
  Decision,
  Origin,
  RunRecord,
  RunResult,
  RunStatus,
  Stop,
} from '../domain/run/run.ts';

/**
 * Everything that must survive restarts. Ask for the part that you use. An unreadable record is logged and counts as
 * missing: it does not affect others. Only `run` and `lockOn` throw QUEUE_FAILED for it, since others rely on their
 * answers.
 */
export interface Store
  extends
    Runs,
    Threads,
    Journals,
    Approvals,
    Drifts,
    Health,
    Failovers,
    Looks,
    Locks,
    Branches,
    Askers,
    Audit,
    Outbox {}

export interface Runs {
  /**
   * Writes the run, and in the audit who asked for what, in one go. False, and nothing written, if it was there before.
   * @param what As the audit shows it.
   */
  createRun(run: RunRecord, what: string): Promise<boolean>;
  updateRun(run: string, change: { status: RunStatus } & Partial<RunRecord>): Promise<void>;
  run(run: string): Promise<RunRecord | null>;
  /** Atomic: the first caller stopped the run, and from then on its plan cannot be approved. */
  stopRun(run: string, stop: Stop): Promise<AskedStop>;
  /** Newest first, without those that this version cannot read. */
  runs(cluster: string, limit: number): Promise<readonly RunRecord[]>;
  /** As `runs`, with the names of those that it leaves out. */
  history(cluster: string, limit: number): Promise<RunHistory>;
  /** Ends the run, and keeps its result until `markReported`. False if it had ended before: that end counts. */
  finishRun(result: RunResult): Promise<boolean>;
  markReported(result: RunResult): Promise<void>;
  /** The whole result of a run that has ended, for a year; null if it is not kept. */
  result(run: string): Promise<RunResult | null>;
  /** Results whose worker should have reported them by now. Atomic: each goes to one caller at a time. */
  takeUnreported(cluster: string): Promise<readonly RunResult[]>;
}

/** Where a run’s thread is. */
export interface Threads {
  rememberThread(run: string, message: MessageReference): Promise<void>;
  threadOf(run: string): Promise<MessageReference | null>;
}

/** Which steps a run has begun and ended, in order. */
export interface Journals {
  recordStep(run: string, entry: JournalEntry): Promise<void>;
  journal(run: string): Promise<readonly JournalEntry[]>;
  /** Forgets them: the run is planned again from the nodes as they are, and nothing of it is under way. */
  startOver(run: string): Promise<void>;
}

export interface Approvals {
  /**
   * Replaces an earlier request with the same ID. False if that one was decided: the decision stands. For a run that is
   * planned `again` it stands for the plan that it was taken on, and no other.
   */
  openApproval(request: ApprovalRequest, again?: boolean): Promise<boolean>;
  approval(id: string): Promise<ApprovalRequest | null>;
  /**
   * Atomic: of many callers one gets `spent`, the others what became of it. The run’s record names who decided.
   * @param by Slack user ID.
   */
  spendApproval(click: ApprovalClick, by: string): Promise<SpentApproval>;
  /** Moves the end of a request that waits. False if it was decided, or another plan waits by now. */
  extendApproval(request: ApprovalRequest): Promise<boolean>;
  /** Ends the approval if its time is over. Atomic, by the same clock as a click. */
  expireApproval(id: string): Promise<Expiry>;
  /** The decision; null before one is taken, and after the time ran out. */
  decisionOn(id: string): Promise<Decision | null>;
}

export interface Drifts {
  /** The cluster’s last drift, whether it is still there or not. */
  drift(cluster: string): Promise<DriftRecord | null>;
  /** Changes only the given fields: concurrent changes of others stay. */
  changeDrift(cluster: string, change: Partial<DriftRecord>): Promise<void>;
  /**
   * Gives one of all workers the turn to look. Atomic, by the server’s clock. Null while the next look is not due (unless
   * `soon`), or another one is under way. A turn that is not ended in time is lost.
   */
  takeDriftTurn(cluster: string, soon: boolean): Promise<DriftTurn | null>;
  endDriftTurn(cluster: string, turn: DriftTurn, nextInMs: number): Promise<void>;
}

/** The standing watch of each cluster. */
export interface Health {
  /** Null before the first look. */
  health(cluster: string): Promise<HealthRecord | null>;
  /** Changes only the given fields. */
  changeHealth(cluster: string, change: Partial<HealthRecord>): Promise<void>;
  /** As `takeDriftTurn`. */
  takeHealthTurn(cluster: string, soon: boolean): Promise<DriftTurn | null>;
  endHealthTurn(cluster: string, turn: DriftTurn, nextInMs: number): Promise<void>;
}

/** Failovers by Sentinel, each recorded once, whoever sees it. */
export interface Failovers {
  /** One worker watches a cluster’s failovers: true for the holder of the lease, which renews it. */
  leaseFailovers(cluster: string, holder: string, forMs: number): Promise<boolean>;
  /** The master as last recorded; null before the first look. */
  watchedMaster(cluster: string): Promise<WatchedMaster | null>;
  /** Atomic: false unless the recorded master is `from`. */
  noteMaster(cluster: string, from: WatchedMaster | null, to: WatchedMaster): Promise<boolean>;
  /** Records the failover and the new master in one go. Atomic, as `noteMaster`. */
  openFailover(record: FailoverRecord, from: WatchedMaster | null, to: WatchedMaster): Promise<boolean>;
  /** Changes only the given fields. */
  changeFailover(failover: string, change: Partial<FailoverRecord>): Promise<void>;
  failover(failover: string): Promise<FailoverRecord | null>;
  /** Newest first. */
  failovers(cluster: string, limit: number): Promise<readonly FailoverRecord[]>;
}

export interface Locks {
  /** Atomic: false if someone else has locked the cluster. Ends by the store’s clock. */
  lock(cluster: string, lock: { by: Origin; reason: string; forMs: number | null }): Promise<boolean>;
  lockOn(cluster: string): Promise<Lock | null>;
  /** Returns the lock that it removed. */
  unlock(cluster: string): Promise<Lock | null>;
}

export interface Branches {
  /**
   * The commit of a repository’s branch up to which every change is queued, or reported as not applied; null before the
   * first look.
   * @param branch As `branchKey` names it.
   */
  lastHandledCommit(branch: string): Promise<string | null>;
  /** Atomic: false unless the last handled commit is `from`. */
  markHandled(branch: string, from: string | null, to: string): Promise<boolean>;
  /** Each cluster’s repository. */
  clusterOwners(): Promise<ReadonlyMap<string, string>>;
  /** Atomic: takes the cluster over from `from` only. Returns the owner that it has now. */
  claimCluster(cluster: string, repository: string, from: string | null): Promise<string>;
}

/** For whom redisops opened a pull request. */
export interface Askers {
  /** @param pullRequest Its address on GitHub. @param user Slack user ID. */
  rememberAsker(pullRequest: string, user: string): Promise<void>;
  /** Everyone who asked for it or for a change of it; empty if unknown. */
  askersOf(pullRequest: string): Promise<readonly string[]>;
}

export interface Audit {
  audit(entry: AuditEntry): Promise<void>;
  /** The last entry of a chain on some machine’s disk, as far as this store was told. @param place `AuditTrail.place` */
  auditHead(place: string): Promise<AuditHead | null>;
  /** Atomic. Once an entry did not follow the head that is kept, that head stays: it is evidence of what is missing. */
  keepAuditHead(place: string, entry: AuditHead & Pick<ChainedEntry, 'previous'>): Promise<void>;
}
