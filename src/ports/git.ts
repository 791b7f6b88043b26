import type { BranchCommit } from '../domain/git/branch.ts';
import type { DeploymentNews } from '../domain/git/deployment.ts';
import type { Annotation, CheckConclusion, PullRequest, PullRequestComment } from '../domain/git/pull-request.ts';
import type { Deed, Participant } from '../domain/run/participants.ts';
import type { Apart } from './apart.ts';

/** A configuration repository at one revision. Paths are relative to its root. */
export interface ConfigSource {
  /** A commit, or `working tree`. */
  revision: string;
  /** The file’s text; null if missing. Fails with CONFIG_INVALID over the size limit. */
  read(path: string): Promise<string | null>;
  /** Names directly in the folder, those of folders with a slash at the end; empty without such a folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Where its files are parsed; default: in the caller’s own thread. */
  apart?: Apart | undefined;
}

/** A configuration repository on GitHub. All methods fail with GITHUB_FAILED. */
export interface GitHub {
  commits: Commits;
  pullRequests: PullRequests;
  deployments: Deployments;
}

export interface Commits {
  at(revision: string): ConfigSource;
  /** The branch’s newest commit. */
  head(branch: string): Promise<string>;
  /** Whether the commit is the head itself or in its history. */
  isAncestor(commit: string, head: string): Promise<boolean>;
  /** Changes on the branch after `base`, oldest first; null if the head does not descend from it. */
  since(branch: string, base: string, head: string): Promise<readonly BranchCommit[] | null>;
  /** Paths that differ between two commits. */
  changedPaths(base: string, head: string): Promise<readonly string[]>;
  parentsOf(commit: string): Promise<readonly string[]>;
  /** The head’s first-parent history after `base`, oldest first; null if `base` is not in it, or too far back. */
  lineBetween(base: string, head: string): Promise<readonly { sha: string; parent: string }[] | null>;
  /** Authors, committers and co-authors of the commits after `base` up to `head`. */
  writersBetween(base: string, head: string): Promise<readonly Wrote[]>;
}

/** Someone who wrote a change, or redisops’s own account, which writes for others. */
export type Wrote = Participant | { kind: 'redisops'; login: string; did: Deed };

export interface PullRequestPeople {
  /** The pull request’s address on GitHub. */
  url: string;
  /** Who opened it, who merged it, and who wrote its commits, the squashed ones included. */
  people: readonly Wrote[];
}

/** Those of ours go into the configured branch. */
export interface PullRequests {
  /** Null if there is none of that number. */
  get(number: number): Promise<PullRequest | null>;
  /** All open ones into the branch; `updatedAt` moves with any change of one. */
  listOpen(branch: string): Promise<readonly { number: number; updatedAt: string }[]>;
  /** The open one from that branch of this repository; null if there is none. */
  openFrom(name: string): Promise<OpenPullRequest | null>;
  /** Opens one that changes one file. */
  create(change: ProposedChange): Promise<{ number: number; url: string }>;
  /** Adds a commit to the branch of an open one. @param change `revision`: its head. */
  addCommit(change: Omit<ProposedChange, 'body'>): Promise<void>;
  /** Newest commits of the groups that wait in the branch’s merge queue; none without such a queue. */
  mergeGroups(branch: string): Promise<readonly string[]>;
  /** Oldest first. */
  comments(pullRequest: number): Promise<readonly PullRequestComment[]>;
  /** The merged one that brought a commit to the branch; null if there is none. */
  bringing(commit: string): Promise<number | null>;
  peopleOf(number: number): Promise<PullRequestPeople>;
  /** Logins, in lower case, whose last review approves this head. */
  approvals(number: number, head: string): Promise<readonly string[]>;
  /** Whether the person may write to the repository. */
  mayWrite(login: string): Promise<boolean>;
  /**
   * Comments on a topic under a pull request, one per part, edited in place from then on. Comments whose parts are gone
   * are folded. Returns the first one’s URL.
   */
  say(pullRequest: number, topic: string, parts: readonly string[]): Promise<string | null>;
  /** Opens a check of the commit; null if the credentials may not write one. */
  openCheck(head: string, title: string): Promise<OpenCheck | null>;
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
  /** The comment, if there is one. */
  url: string | null;
}

/** What GitHub shows of a run beside its commit. */
export interface Deployments {
  /** One deployment per run, created on its first news, and a commit status that says the same. */
  report(news: DeploymentNews): Promise<void>;
}
