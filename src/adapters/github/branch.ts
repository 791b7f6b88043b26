import type { BranchCommit } from '../../domain/git/branch.ts';
import type { Octokit } from '@octokit/rest';
import { RedisopsError } from '../../domain/error.ts';
import { statusOf, type GitHubClient } from './client.ts';
import { compared } from './comparison.ts';
import { conditional } from './conditional.ts';

/** Commits per page of a comparison, and pages read: a longer range counts as one change. */
const PER_PAGE = 250;
const MOST_PAGES = 4;
const SHOWN_BRANCHES = 10;

/** The newest commit of a branch. */
export function branchTips(client: GitHubClient): (branch: string) => Promise<string> {
  const ask = conditional<string>(client);
  return (branch) =>
    ask(`branch ${branch}`, async (octokit, headers) => {
      const answer = await octokit.rest.repos
        .getBranch({ ...client.place, branch, headers })
        .catch(async (error: unknown) => {
          throw (isBranchMissing(error) && (await branchMissing(octokit, client, branch))) || error;
        });
      return { data: answer.data.commit.sha, headers: answer.headers };
    });
}

/** GitHub’s message if the repository exists but the branch does not. */
function isBranchMissing(error: unknown): boolean {
  return statusOf(error) === 404 && error instanceof Error && error.message.startsWith('Branch not found');
}

/** Names the existing branches; null if even the repository cannot be seen. */
async function branchMissing(octokit: Octokit, { place }: GitHubClient, branch: string): Promise<RedisopsError | null> {
  const answer = await octokit.rest.repos.listBranches({ ...place, per_page: SHOWN_BRANCHES }).catch(() => null);
  if (!answer) return null;
  const names = answer.data.map(({ name }) => name);
  return new RedisopsError('GITHUB_FAILED', `${place.owner}/${place.repo} has no branch “${branch}”.`, {
    hint:
      names.length === 0
        ? 'The repository is empty: push a first commit.'
        : `It has ${names.join(', ')}. Set GITHUB_BRANCH to the branch whose merges are to be applied.`,
  });
}

/** The head’s first-parent history after the base, oldest first; null if the head does not descend from the base. */
export async function commitsSince(
  client: GitHubClient,
  branch: string,
  base: string,
  head: string,
): Promise<readonly BranchCommit[] | null> {
  const range = await rangeOf(client, base, head);
  if (range === null) return null;
  const line = firstParents(range, base, head) ?? [{ sha: head, parent: base, author: range.get(head)?.author ?? '' }];
  const commits: BranchCommit[] = [];
  for (const commit of line) commits.push({ ...commit, pullRequest: await mergeOf(client, branch, commit.sha) });
  return commits;
}

/** Null if `base` is not in the head’s first-parent history, or too far back. */
export async function lineBetween(
  client: GitHubClient,
  base: string,
  head: string,
): Promise<readonly { sha: string; parent: string }[] | null> {
  const range = await rangeOf(client, base, head);
  return range && firstParents(range, base, head);
}

type Range = ReadonlyMap<string, { parent: string; author: string }>;

/** Null if the base is not in the head’s history. Truncated if too long. */
async function rangeOf(client: GitHubClient, base: string, head: string): Promise<Range | null> {
  const range = new Map<string, { parent: string; author: string }>();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { commits, merge_base_commit, total_commits } = await compared(client, base, head, {
      per_page: PER_PAGE,
      page,
    });
    if (merge_base_commit.sha !== base) return null;
    for (const { sha, parents, author, commit } of commits)
      range.set(sha, { parent: parents[0]?.sha ?? '', author: author?.login ?? commit.author?.name ?? 'unknown' });
    if (range.size >= total_commits || commits.length === 0) break;
  }
  return range;
}

/** Null if the base is not on the first-parent path, or too far back: then only the whole range can be reported. */
function firstParents(range: Range, base: string, head: string): Omit<BranchCommit, 'pullRequest'>[] | null {
  const line: Omit<BranchCommit, 'pullRequest'>[] = [];
  for (let sha = head; sha !== base;) {
    const found = range.get(sha);
    if (!found) return null;
    line.unshift({ sha, ...found });
    sha = found.parent;
  }
  return line;
}

/** The pull request that brought a commit to the branch. */
async function mergeOf(client: GitHubClient, branch: string, commit: string): Promise<BranchCommit['pullRequest']> {
  const found = await mergedWith(client, branch, commit);
  if (!found) return null;
  const whole = await client.ask(`#${found.number}`, (octokit) =>
    octokit.rest.pulls.get({ ...client.place, pull_number: found.number }),
  );
  return { number: found.number, mergedBy: whole.merged_by?.login ?? 'unknown' };
}

/** The merged pull request into the branch that a commit belongs to; null if there is none. */
export async function mergedWith(
  client: GitHubClient,
  branch: string,
  commit: string,
): Promise<{ number: number } | null> {
  const listed = await client.find(`pull requests of ${commit}`, (octokit) =>
    octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...client.place, commit_sha: commit }),
  );
  const merged = (listed ?? []).filter(({ merged_at, base }) => merged_at !== null && base.ref === branch);
  return merged.find(({ merge_commit_sha }) => merge_commit_sha === commit) ?? merged[0] ?? null;
}
