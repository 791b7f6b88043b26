import type { GitHubClient } from './client.ts';

/** The commits after `base` up to `head`, or the asked page of them, and the files that differ. */
export function compared(
  client: GitHubClient,
  base: string,
  head: string,
  pages: { per_page?: number; page?: number } = {},
) {
  return client.ask(`comparison ${base}...${head}`, (octokit) =>
    octokit.rest.repos.compareCommitsWithBasehead({ ...client.place, basehead: `${base}...${head}`, ...pages }),
  );
}
