import type { Commits } from '../../ports/git.ts';
import { branchTips, commitsSince, lineBetween } from './branch.ts';
import type { GitHubClient } from './client.ts';
import { compared } from './comparison.ts';
import { writersBetween } from './participants.ts';
import { sourceAt } from './source.ts';
import { treeDifference } from './tree.ts';

/** GitHub lists at most this many files in a comparison: a full list may be incomplete. */
const LARGEST_COMPARISON = 300;

export function gitHubCommits(client: GitHubClient): Commits {
  return {
    at: (revision) => sourceAt(client, revision),
    head: branchTips(client),
    since: (branch, base, head) => commitsSince(client, branch, base, head),
    async isAncestor(commit, head): Promise<boolean> {
      if (commit === head) return true;
      return (await compared(client, commit, head)).merge_base_commit.sha === commit;
    },
    changedPaths: (base, head) => changedPaths(client, base, head),
    async parentsOf(commit) {
      const found = await client.ask(`commit ${commit}`, (octokit) =>
        octokit.rest.git.getCommit({ ...client.place, commit_sha: commit }),
      );
      return found.parents.map(({ sha }) => sha);
    },
    lineBetween: (base, head) => lineBetween(client, base, head),
    writersBetween: (base, head) => writersBetween(client, base, head),
  };
}

/** From the merge base on; renamed files under both names. */
async function changedPaths(client: GitHubClient, base: string, head: string): Promise<readonly string[]> {
  const comparison = await compared(client, base, head);
  const files = comparison.files ?? [];
  if (files.length >= LARGEST_COMPARISON) return treeDifference(client, comparison.merge_base_commit.sha, head);
  const paths = files.flatMap((file) => [file.filename, ...(file.previous_filename ? [file.previous_filename] : [])]);
  return [...new Set(paths)];
}
