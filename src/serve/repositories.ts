import { checkout } from '../adapters/disk/checkout.ts';
import type { Egress } from '../adapters/http/egress.ts';
import { gitHubClient, type GitHubSettings } from '../adapters/github/client.ts';
import { gitHubDeployments } from '../adapters/github/deployments.ts';
import { gitHubReviews } from '../adapters/github/reviews.ts';
import { gitHub } from '../adapters/github/github.ts';
import type { Invocation } from '../cli/arguments.ts';
import { ToldMerges } from '../run/branch/reconcile.ts';
import type { Repository } from '../run/repositories/repository.ts';
import type { Settings } from '../settings.ts';
import { gitHubOf, writesChecks } from './github-place.ts';
import type { Reviews } from '../ports/git.ts';

/** A repository with what looks at it: credentials, ETags and back-off of its own. */
export interface ServedRepository extends Repository {
  /** Null where the configuration is not GitHub’s. */
  reviews: Reviews | null;
  told: ToldMerges;
}

/** In the order of the setting. @throws SETTINGS_INVALID where the App’s key cannot be read */
export async function servedRepositories(
  settings: Settings,
  { repo, repoGiven }: Invocation,
  egress: Egress | undefined,
): Promise<readonly ServedRepository[]> {
  const files = repoGiven ? checkout(repo) : null;
  const places = await gitHubOf(settings, egress);
  if (places.length === 0) {
    const source = () => Promise.resolve(checkout(repo));
    return [{ name: repo, codeHost: null, source, reviews: null, told: new ToldMerges() }];
  }
  const served = places.map(onGitHub);
  return files ? served.map((each) => ({ ...each, source: () => Promise.resolve(files) })) : served;
}

function onGitHub(place: GitHubSettings): ServedRepository {
  const { repository, branch = 'main' } = place;
  const codeHost = gitHub(place);
  const client = gitHubClient(place);
  return {
    name: repository,
    codeHost,
    deployments: gitHubDeployments(client),
    source: async (revision) => codeHost.at(revision ?? (await codeHost.head(branch))),
    reviews: gitHubReviews(client, writesChecks(place)),
    told: new ToldMerges(),
  };
}
