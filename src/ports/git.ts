import type { BranchCommit } from '../domain/git/branch.ts';
import type { DeploymentNews } from '../domain/git/deployment.ts';
import type { Annotation, CheckConclusion, PullRequest, PullRequestComment } from '../domain/git/pull-request.ts';

/** A configuration repository at one revision. Paths are relative to its root. */
export interface ConfigSource {
  /** A commit, or `working tree`. */
  revision: string;
  /** The file’s text; null where there is none. Fails with CONFIG_INVALID over the size limit. */
  read(path: string): Promise<string | null>;
  /** Names directly in the folder, those of folders with a slash at the end; empty without such a folder. */
  list(folder: string): Promise<readonly string[]>;
}

/** GitHub, as far as a run needs it. */
export interface CodeHost {
  at(revision: string): ConfigSource;
  /** The branch’s newest commit. */
  head(branch: string): Promise<string>;
  /** Whether the commit is the head itself or in its history. */
  isAncestor(commit: string, head: string): Promise<boolean>;
  /** What came onto the branch after a commit, oldest first; null where the head does not descend from it. */
  commitsSince(branch: string, base: string, head: string): Promise<readonly BranchCommit[] | null>;
  /** Paths that differ between two commits. */
  changedPaths(base: string, head: string): Promise<readonly string[]>;
  /** One comment per pull request and topic, edited in place. */
  comment(pullRequest: number, topic: string, markdown: string): Promise<void>;
  /** The open pull request into the configured branch from that branch of the repository; null where there is none. */
  pullRequestFrom(name: string): Promise<OpenPullRequest | null>;
  /** Opens a pull request into the configured branch that changes one file of it. */
  openPullRequest(change: ProposedChange): Promise<{ number: number; url: string }>;
  /** Adds a commit to the branch of a pull request. @param change `revision`: its head. */
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

/** Pull requests, as far as their plans need them. All methods fail with GITHUB_FAILED. */
export interface Reviews {
  /** Null where there is none of that number. */
  pullRequest(number: number): Promise<PullRequest | null>;
  /** All open pull requests into the branch; `updatedAt` moves with any change of one. */
  open(branch: string): Promise<readonly { number: number; updatedAt: string }[]>;
  /** Newest commits of the groups that wait in the branch’s merge queue; none without such a queue. */
  mergeGroups(branch: string): Promise<readonly string[]>;
  parentsOf(commit: string): Promise<readonly string[]>;
  /** Oldest first. `own`: written by us. */
  comments(pullRequest: number): Promise<readonly PullRequestComment[]>;
  /** Whether the person may write to the repository. */
  mayWrite(login: string): Promise<boolean>;
  /**
   * Comments under a pull request on a topic, one per part, edited in place from then on. Comments whose parts are gone
   * are folded. Returns the first one’s URL.
   */
  say(pullRequest: number, topic: string, parts: readonly string[]): Promise<string | null>;
  /** Begins a check of the commit; null where the credentials may not write one. */
  openCheck(head: string, title: string): Promise<OpenCheck | null>;
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
  /** One deployment per run, created on its first news, and a commit status that says the same. */
  tell(deployment: DeploymentNews): Promise<void>;
}
