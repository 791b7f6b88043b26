import type { GitHubClient } from './client.ts';

const PER_PAGE = 100;
const MOST_PAGES = 10;

/**
 * Logins, in lower case, whose last word on a pull request is an approval of this very commit. GitHub lists reviews
 * oldest first (docs.github.com/rest/pulls/reviews).
 */
export async function approvalsOf(client: GitHubClient, number: number, head: string): Promise<readonly string[]> {
  const last = new Map<string, boolean>();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const reviews = await client.ask(`reviews of #${number}`, (octokit) =>
      octokit.rest.pulls.listReviews({ ...client.place, pull_number: number, per_page: PER_PAGE, page }),
    );
    for (const { user, state, commit_id } of reviews) {
      if (!user || state === 'COMMENTED' || state === 'PENDING') continue;
      last.set(user.login.toLowerCase(), state === 'APPROVED' && commit_id === head);
    }
    if (reviews.length < PER_PAGE) break;
  }
  return [...last].flatMap(([login, isApproval]) => (isApproval ? [login] : [])).toSorted();
}
