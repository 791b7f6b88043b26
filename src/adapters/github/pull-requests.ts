import type { PullRequest } from '../../domain/git/pull-request.ts';
import type { GitHubClient } from './client.ts';
import { conditional } from './conditional.ts';
import { openCheck } from './checks.ts';
import { commentsOf, say } from './comments.ts';
import type { PullRequests } from '../../ports/git.ts';
import { mergedWith } from './branch.ts';
import { pullRequestPeople } from './participants.ts';
import { approvalsOf } from './reviews.ts';
import { addCommit, createPullRequest, pullRequestFrom } from './proposed-change.ts';

/** Maximum number of open pull requests; no configuration repository has more. */
const MOST_OPEN = 1000;

/**
 * @param base The base branch of our pull requests.
 * @param writesChecks Whether the credentials are an App’s: only those may write check runs.
 */
export function gitHubPullRequests(client: GitHubClient, base: string, writesChecks: boolean): PullRequests {
  const { place } = client;
  return {
    async get(number) {
      const found = await client.find(`#${number}`, (octokit) =>
        octokit.rest.pulls.get({ ...place, pull_number: number }),
      );
      return found && pullRequestOf(found, `${place.owner}/${place.repo}`);
    },
    listOpen: openPullRequests(client),
    openFrom: (branch) => pullRequestFrom(client, base, branch),
    create: (change) => createPullRequest(client, base, change),
    addCommit: (change) => addCommit(client, change),
    mergeGroups: mergeGroups(client),
    comments: (pullRequest) => commentsOf(client, pullRequest),
    bringing: async (commit) => (await mergedWith(client, base, commit))?.number ?? null,
    approvals: (number, head) => approvalsOf(client, number, head),
    peopleOf: (number) => pullRequestPeople(client, number),
    async mayWrite(username) {
      const found = await client.find(`permission of ${username}`, (octokit) =>
        octokit.rest.repos.getCollaboratorPermissionLevel({ ...place, username }),
      );
      return found?.permission === 'admin' || found?.permission === 'write';
    },
    say: (pullRequest, topic, parts) => say(client, pullRequest, topic, parts),
    openCheck: (head, title) => openCheck(client, head, title, writesChecks),
  };
}

/**
 * GitHub creates a branch per group, `gh-readonly-queue/main/pr-7-…`, and deletes it afterwards (docs.github.com,
 * “Managing a merge queue”).
 */
function mergeGroups(client: GitHubClient): (branch: string) => Promise<readonly string[]> {
  const ask = conditional<readonly string[]>(client);
  return (branch) =>
    ask(`merge queue of ${branch}`, async (octokit, headers) => {
      const ref = `heads/gh-readonly-queue/${branch}/`;
      const answer = await octokit.rest.git.listMatchingRefs({ ...client.place, ref, headers });
      // Groups of a branch `main/next` are listed below those of `main`.
      const own = answer.data.filter((found) => !found.ref.slice(`refs/${ref}`.length).includes('/'));
      return { data: own.map(({ object }) => object.sha), headers: answer.headers };
    });
}

interface FoundPullRequest {
  number: number;
  html_url: string;
  state: string;
  draft?: boolean;
  mergeable: boolean | null;
  merge_commit_sha: string | null;
  head: { sha: string; repo: { full_name: string } | null };
  base: { ref: string };
}

function pullRequestOf(found: FoundPullRequest, repository: string): PullRequest {
  const from = found.head.repo?.full_name;
  return {
    number: found.number,
    url: found.html_url,
    state: found.state === 'open' ? 'open' : 'closed',
    draft: found.draft === true,
    head: found.head.sha,
    base: found.base.ref,
    // A deleted fork is still a fork.
    fork: from?.toLowerCase() === repository.toLowerCase() ? null : (from ?? 'unknown'),
    mergeable: found.mergeable,
    trialMerge: found.merge_commit_sha,
  };
}

type Open = readonly { number: number; updatedAt: string }[];

function openPullRequests(client: GitHubClient): (base: string) => Promise<Open> {
  const ask = conditional<Open>(client);
  const pageOf = (base: string, page: number): Promise<Open> =>
    ask(`open pull requests into ${base}, page ${page}`, async (octokit, headers) => {
      const sorted = { state: 'open', sort: 'updated', direction: 'desc' } as const;
      const answer = await octokit.rest.pulls.list({ ...client.place, ...sorted, base, per_page: 100, page, headers });
      return {
        data: answer.data.map(({ number, updated_at: updatedAt }) => ({ number, updatedAt })),
        headers: answer.headers,
      };
    });
  return async (base) => {
    const found: Open[number][] = [];
    for (let page = 1; found.length < MOST_OPEN; page += 1) {
      const pulls = await pageOf(base, page);
      found.push(...pulls);
      if (pulls.length < 100) break;
    }
    return found;
  };
}
