/** A commit in a branch’s first-parent history. */
export interface BranchCommit {
  sha: string;
  /** The previous commit on the branch. */
  parent: string;
  /** GitHub login, or the author’s name. */
  author: string;
  /** The pull request that brought it; null for a push. */
  pullRequest: { number: number; mergedBy: string } | null;
}

/** The pull request of a commit, as announced by a webhook. */
export interface AnnouncedMerge {
  commit: string;
  pullRequest: NonNullable<BranchCommit['pullRequest']>;
}

/** Everything that reached the branch at once: a merge of any number of commits, or a push. */
export interface BranchChange {
  /** The branch’s commit before. */
  base: string;
  /** The branch’s commit after. */
  commit: string;
  author: string;
  pullRequest: BranchCommit['pullRequest'];
}

/** Groups commits into changes. A rebased pull request has several commits: the last one counts. */
export function changesOf(commits: readonly BranchCommit[]): readonly BranchChange[] {
  const changes: BranchChange[] = [];
  for (const { sha, parent, author, pullRequest } of commits) {
    const last = changes.at(-1);
    const goesOn = pullRequest !== null && last?.pullRequest?.number === pullRequest.number;
    if (goesOn) changes[changes.length - 1] = { ...last, commit: sha };
    else changes.push({ base: parent, commit: sha, author, pullRequest });
  }
  return changes;
}
