import type { AnnouncedMerge, BranchCommit } from '../../domain/git/branch.ts';

const MOST = 1000;

/** The newest merges that webhooks announced: GitHub may not say at once which pull request a commit came by. */
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
