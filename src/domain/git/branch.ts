/** A commit of a branch’s first-parent history: what the branch was, one step after the other. */
export interface BranchCommit {
  sha: string;
  /** The one before on the branch. */
  parent: string;
  /** GitHub login, or the author’s name. */
  author: string;
  /** That it came by; null for one that was pushed. */
  pullRequest: { number: number; mergedBy: string } | null;
}

/** Which pull request a commit came by, as a webhook says. */
export interface AnnouncedMerge {
  commit: string;
  pullRequest: NonNullable<BranchCommit['pullRequest']>;
}

/** What came onto the branch at once: a merge, however many commits it is, or a push. */
export interface BranchChange {
  /** The commit that the branch had before. */
  base: string;
  /** The one that it had then. */
  commit: string;
  author: string;
  pullRequest: BranchCommit['pullRequest'];
}

/** A pull request that was rebased onto the branch is as many commits as it has; what counts is its last one. */
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
