import type { GitHub } from '../../ports/git.ts';
import { gitHubClient, type GitHubSettings } from './client.ts';
import { gitHubCommits } from './commits.ts';
import { gitHubDeployments } from './deployments.ts';
import { gitHubPullRequests } from './pull-requests.ts';

/** One repository through GitHub’s REST API. */
export function gitHub(settings: GitHubSettings): GitHub {
  const client = gitHubClient(settings);
  return {
    commits: gitHubCommits(client),
    pullRequests: gitHubPullRequests(client, settings.branch ?? 'main', writesChecks(settings)),
    deployments: gitHubDeployments(client),
  };
}

/** Only Apps may write check runs; `ghs_…` is an App installation’s token. */
function writesChecks({ identity }: GitHubSettings): boolean {
  return identity.kind === 'app' || identity.token.reveal().startsWith('ghs_');
}
