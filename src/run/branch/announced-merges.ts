import type { AnnouncedMerge, BranchCommit } from '../../domain/git/branch.ts';

const MOST = 1000;

/** The latest merges announced by webhooks: GitHub may take a moment to say which pull request a commit came from. */
export class AnnouncedMerges {
  readonly #byCommit = new Map<string, AnnouncedMerge['pullRequest']>();

  keep({ commit, pullRequest }: AnnouncedMerge): void {
    this.#byCommit.delete(commit);
    this.#byCommit.set(commit, pullRequest);
    const [oldest] = this.#byCommit.keys();
    if (this.#byCommit.size > MOST && oldest !== undefined) this.#byCommit.delete(oldest);
  }

  complete(commits: readonly BranchCommit[]): readonly BranchCommit[] {
    return commits.map((commit) => ({
      ...commit,
      pullRequest: commit.pullRequest ?? this.#byCommit.get(commit.sha) ?? null,
    }));
  }
}
