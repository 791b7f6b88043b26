import type { BranchCommit } from './domain/git/branch.ts';
import type { DriftOffer, DriftValue } from './domain/buttons.ts';
import type { Backup } from './domain/redis/backup.ts';
import type { NodeAddress } from './domain/desired.ts';
import type { DriftRecord } from './domain/drift/drift-record.ts';
import type { Lock } from './domain/run/lock.ts';
import type { Annotation, CheckConclusion, PullRequest } from './domain/git/pull-request.ts';
import type { Report } from './domain/report.ts';
import type {
  ApprovalRequest,
  AuditEntry,
  Decision,
  Origin,
  RunRecord,
  RunResult,
  RunStatus,
  Stop,
} from './domain/run/run.ts';
import type { Secret, SensitiveText } from './domain/secret.ts';
import type { Goal } from './domain/run/goal.ts';

/** A configuration repository at one revision. Paths are relative to its root. */
export interface ConfigSource {
  /** A commit, or `working tree`. */
  revision: string;
  /** The file’s text; null where there is none. Fails with CONFIG_INVALID over the size limit. */
  read(path: string): Promise<string | null>;
  /** Names of what is directly in the folder, those of folders with a slash at the end; empty where there is none. */
  list(folder: string): Promise<readonly string[]>;
}

/** The way to the nodes. Connections are kept and shared; `close` ends them all. */
export interface Nodes {
  /** Fails with SSH_UNREACHABLE, SSH_TIMEOUT, SSH_HOST_KEY or SSH_AUTH. */
  connect(node: NodeAddress): Promise<NodeSession>;
  close(): Promise<void>;
}

export interface CommandOptions {
  /** Positional parameters of the script: `$1`, `$2`, … Never secrets: they stand in the node’s process list. */
  parameters?: readonly string[];
  /** What the script reads; the way for secrets. */
  input?: SensitiveText | string;
  /** Milliseconds; 15,000 where not given. */
  timeoutMs?: number;
}

export interface CommandResult {
  status: number;
  stdout: string;
  stderr: string;
}

export type StreamResult = Omit<CommandResult, 'stdout'>;

/** One node, over one SSH connection. */
export interface NodeSession {
  readonly node: NodeAddress;
  /**
   * Runs a shell script as root (`sudo -n`). A status other than 0 is an answer, not an error. Fails with SUDO_REFUSED,
   * COMMAND_TIMEOUT or an SSH code.
   */
  run(script: string, options?: CommandOptions): Promise<CommandResult>;
  /**
   * As `run`, for output of any length: each piece of it is given to `take`, and the node waits for that. Answers what
   * it printed as errors.
   */
  stream(script: string, options: CommandOptions, take: (chunk: Uint8Array) => Promise<void>): Promise<StreamResult>;
  /** A process on the node that lives as long as the connection: see `hold`. */
  hold(script: string, options?: CommandOptions): Promise<Hold>;
  /** A connection to the node’s Redis through SSH. Fails with REDIS_UNREACHABLE, REDIS_AUTH_FAILED or REDIS_TIMEOUT. */
  redis(password: Secret | undefined): Promise<RedisLink>;
}

/** Where backups are kept. What was kept is never changed or deleted again. */
export interface Backups {
  /** Bytes that are free there. */
  freeBytes(): Promise<number>;
  /** Begins one. What a dead worker had begun of that node is gone then. */
  create(cluster: string, node: string): Promise<BackupFile>;
  /** The newest one of a node that is whole; null where there is none. */
  newest(cluster: string, node: string): Promise<Backup | null>;
}

/** A backup under way: none before `keep`. */
export interface BackupFile {
  write(chunk: Uint8Array): Promise<void>;
  /** Reads it back from the disk. Fails with BACKUP_FAILED where it is not of this length and SHA-256. */
  keep(about: Omit<Backup, 'path'>): Promise<Backup>;
  discard(): Promise<void>;
}

/** A script that printed its first line and goes on until `release`, or until the connection is gone. */
export interface Hold {
  firstLine: string;
  /** Aborted when what was held ended before `release`: the script, the connection, or the node’s patience. */
  lost: AbortSignal;
  release(): Promise<void>;
}

export type RedisReply = string | number | null | readonly RedisReply[];

/** Commands sent without waiting go out in one batch, in order. An error reply fails with REDIS_ERROR; so does silence, with REDIS_TIMEOUT. */
export interface RedisLink {
  command(name: string, ...parameters: readonly (string | Secret)[]): Promise<RedisReply>;
  /** MULTI … EXEC: all or none, with nothing between. */
  transaction(commands: readonly (readonly string[])[]): Promise<readonly RedisReply[]>;
  close(): void;
}

/** Where a message stands, so that it can be edited and answered. */
export interface MessageReference {
  channel: string;
  timestamp: string;
}

/** What a person can click under a message. */
export interface ApprovalButtons {
  approval: string;
  /** Of the plan that stands above them: a click binds this plan, and no other. */
  digest: string;
  expiresAt: string;
}

/** The same under a drift’s message: a click binds the differences that stand above. */
export interface DriftButtons {
  drift: DriftValue;
  offers: readonly DriftOffer[];
}

/** Under a run’s message while it is under way. */
export interface StopButton {
  /** The run’s name. */
  stop: string;
}

export type MessageButtons = ApprovalButtons | DriftButtons | StopButton;

/** Slack, as far as a run needs it. Text in a report is data: it never becomes a mention or a link. */
export interface Chat {
  post(channel: string, report: Report, buttons?: MessageButtons): Promise<MessageReference>;
  /** Replaces a message; buttons that are not given are taken away. */
  edit(message: MessageReference, report: Report, buttons?: MessageButtons): Promise<void>;
  reply(thread: MessageReference, report: Report): Promise<void>;
  attach(thread: MessageReference, name: string, text: string): Promise<void>;
  /** Where people find the message. */
  permalink(message: MessageReference): Promise<string>;
  /** For one person’s eyes. */
  whisper(channel: string, user: string, report: Report): Promise<void>;
  /** Members of a user group. */
  membersOf(group: string): Promise<readonly string[]>;
}

/** GitHub, as far as a run needs it. */
export interface CodeHost {
  at(revision: string): ConfigSource;
  /** The branch’s newest commit. */
  head(branch: string): Promise<string>;
  /** Whether the commit is the head itself or in its history. */
  isAncestor(commit: string, head: string): Promise<boolean>;
  /** What came onto the branch after a commit, oldest first; null where the head does not come from it. */
  commitsSince(branch: string, base: string, head: string): Promise<readonly BranchCommit[] | null>;
  /** Paths that differ between two commits. */
  changedPaths(base: string, head: string): Promise<readonly string[]>;
  /** One comment per pull request and topic, edited in place. */
  comment(pullRequest: number, topic: string, markdown: string): Promise<void>;
  /** The open pull request into the configured branch from that branch of the repository; null where there is none. */
  pullRequestFrom(name: string): Promise<OpenPullRequest | null>;
  /** A pull request into the configured branch that changes one file of it. */
  openPullRequest(change: ProposedChange): Promise<{ number: number; url: string }>;
  /** One more commit on the branch of a pull request. @param change `revision`: its head. */
  changePullRequest(change: Omit<ProposedChange, 'body'>): Promise<void>;
}

export interface OpenPullRequest {
  number: number;
  url: string;
  /** Its newest commit. */
  head: string;
}

export interface ProposedChange {
  /** Of the new branch. */
  name: string;
  /** The commit that it begins at. */
  revision: string;
  path: string;
  text: string;
  title: string;
  /** Markdown. */
  body: string;
}

/** The queue, seen from who asks. Enqueueing the same `id` again does nothing. */
export interface Queue {
  enqueue(job: QueuedJob): Promise<void>;
  stateOf(job: QueuedJob): Promise<JobState>;
}

/** A job is live while it waits or runs, and shortly after: what follows its end may be under way. */
export type JobState = 'absent' | 'live' | 'ended';

export type QueuedJob =
  | {
      name: 'propose';
      id: string;
      data: { run: string; cluster: string; goal: Goal; revision: string | null; origin: Origin };
    }
  | { name: 'execute'; id: string; data: { run: string; cluster: string; approval: string } };

/** What must survive restarts. */
export interface Store {
  /**
   * Writes the run, and in the audit who asked for what, in one go. False, and nothing written, where it was there before.
   * @param what As the audit shows it.
   */
  createRun(run: RunRecord, what: string): Promise<boolean>;
  updateRun(run: string, change: { status: RunStatus } & Partial<RunRecord>): Promise<void>;
  run(run: string): Promise<RunRecord | null>;
  /**
   * Writes down that the run is to end. Atomic: the first who asks is the one who stopped it, and from then on nobody can
   * approve its plan.
   */
  stopRun(run: string, stop: Stop): Promise<AskedStop>;
  /** Newest first. */
  runs(cluster: string, limit: number): Promise<readonly RunRecord[]>;
  /** Ends the run, and keeps its result until `told`. False where it had ended before: that end stands. */
  finishRun(result: RunResult): Promise<boolean>;
  told(result: RunResult): Promise<void>;
  /** Results that whoever ended the run should have told by now. Atomic: each is given to one caller at a time. */
  untold(cluster: string): Promise<readonly RunResult[]>;

  rememberThread(run: string, message: MessageReference): Promise<void>;
  threadOf(run: string): Promise<MessageReference | null>;

  /** Replaces an earlier request of the same ID. False where that was decided: the decision stands. */
  openApproval(request: ApprovalRequest): Promise<boolean>;
  approval(id: string): Promise<ApprovalRequest | null>;
  /** Atomic: of many callers one gets `spent`, the others what became of it. The run’s record names who decided. */
  spendApproval(click: ApprovalClick): Promise<SpentApproval>;
  /**
   * Atomic, by the same clock as a click: true where nobody decided in time, and from then on nobody can. False while
   * there is time left, after a decision, and where there is no such request.
   */
  expireApproval(id: string): Promise<boolean>;
  /** The decision that was taken; null while there is none, and where the time ran out. */
  decisionOn(id: string): Promise<Decision | null>;

  /** Journal: what a run has begun and ended, in order. */
  recordStep(run: string, entry: JournalEntry): Promise<void>;
  journal(run: string): Promise<readonly JournalEntry[]>;

  /** The cluster’s last drift, whether it is still there or not. */
  drift(cluster: string): Promise<DriftRecord | null>;
  /** Changes what is given of it, and nothing else: two who change it at once do not undo each other. */
  changeDrift(cluster: string, change: Partial<DriftRecord>): Promise<void>;
  /**
   * Atomic, by the server’s clock: whose turn it is to look, of all workers. `first`: nobody ever looked. Null while the
   * next look is not due (unless `soon`), or another one is under way; one that does not end its turn loses it.
   */
  takeDriftTurn(cluster: string, soon: boolean): Promise<DriftTurn | null>;
  endDriftTurn(cluster: string, turn: DriftTurn, nextInMs: number): Promise<void>;

  /** Atomic: false where somebody else has locked the cluster. Survives restarts, and ends by the store’s clock. */
  lock(cluster: string, lock: { by: Origin; reason: string; forMs: number | null }): Promise<boolean>;
  lockOn(cluster: string): Promise<Lock | null>;
  /** Answers the lock that it was. */
  unlock(cluster: string): Promise<Lock | null>;

  /**
   * The commit of a repository’s branch up to which everything is applied, or said not to be; null before the first look.
   * @param branch As `followed` names it.
   */
  settledCommit(branch: string): Promise<string | null>;
  /** Atomic: only from the one that it was. */
  settleCommit(branch: string, from: string | null, to: string): Promise<boolean>;

  /** Which repository has which cluster. */
  clusterOwners(): Promise<ReadonlyMap<string, string>>;
  /** Atomic: only from the owner that it had. Answers whose it is now. */
  claimCluster(cluster: string, repository: string, from: string | null): Promise<string>;

  audit(entry: AuditEntry): Promise<void>;
  auditTrail(limit: number): Promise<readonly AuditEntry[]>;
}

/** `ended`: it was over before. */
export type AskedStop = 'asked' | 'asked-before' | 'ended' | 'unknown';

export interface DriftTurn {
  token: string;
  first: boolean;
}

export interface ApprovalClick {
  approval: string;
  /** Of the plan that the person saw. */
  digest: string;
  by: string;
  decision: Decision['decision'];
}

/** `stale`: another plan waits than the one that was seen. `stopped`: somebody stopped its run. `ended`: that is over. */
export type SpentApproval = 'spent' | 'already-spent' | 'expired' | 'stale' | 'stopped' | 'ended' | 'unknown';

export interface JournalEntry {
  at: string;
  step: number;
  node: string;
  action: string;
  state: 'began' | 'ended' | 'failed';
}

export interface Clock {
  now(): Date;
}

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Pull requests, as far as their plans need them. All methods fail with GITHUB_FAILED. */
export interface Reviews {
  /** Null where there is none of that number. */
  pullRequest(number: number): Promise<PullRequest | null>;
  /** All that are open and go into the branch; what changed anything of one changes its `updatedAt`. */
  open(branch: string): Promise<readonly { number: number; updatedAt: string }[]>;
  /** Newest commits of the groups that wait in the branch’s merge queue; none where it has no such queue. */
  mergeGroups(branch: string): Promise<readonly string[]>;
  parentsOf(commit: string): Promise<readonly string[]>;
  /** Oldest first. `own`: written by us. */
  comments(pullRequest: number): Promise<readonly PullRequestComment[]>;
  /** Whether the person may write to the repository. */
  mayWrite(login: string): Promise<boolean>;
  /**
   * What is said under a pull request on a topic: a comment for each part, edited in place from then on. Comments of
   * parts that are no more are folded. Answers where the first one is.
   */
  say(pullRequest: number, topic: string, parts: readonly string[]): Promise<string | null>;
  /** Begins a check of the commit; null where the credentials may write none. */
  openCheck(head: string, title: string): Promise<OpenCheck | null>;
}

export interface PullRequestComment {
  id: number;
  login: string;
  body: string;
  own: boolean;
}

/** A check that is under way. */
export interface OpenCheck {
  end(result: CheckResult): Promise<void>;
}

export interface CheckResult {
  conclusion: CheckConclusion;
  title: string;
  /** Markdown. */
  summary: string;
  annotations: readonly Annotation[];
  /** The comment, where there is one. */
  url: string | null;
}

/** What GitHub shows of a run beside its commit. All methods fail with GITHUB_FAILED. */
export interface Deployments {
  /** A deployment for each run, made where it is not there yet, and a commit status of the same. */
  tell(deployment: DeploymentNews): Promise<void>;
}

export interface DeploymentNews {
  run: string;
  cluster: string;
  commit: string;
  state: 'queued' | 'in_progress' | 'pending' | 'success' | 'failure' | 'inactive';
  /** One line; at most 140 characters are shown. */
  description: string;
  /** The run’s thread. */
  url: string | null;
}
