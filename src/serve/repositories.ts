import { checkout } from '../adapters/disk/checkout.ts';
import type { Egress } from '../adapters/http/egress.ts';
import type { GitHubSettings } from '../adapters/github/client.ts';
import { gitHub } from '../adapters/github/github.ts';
import { AnnouncedMerges } from '../run/branch/announced-merges.ts';
import { recentRevisions } from '../run/repositories/recent-revisions.ts';
import type { Repository } from '../run/repositories/repository.ts';
import type { Settings } from '../settings.ts';
import type { ServeOptions } from './options.ts';
import { gitHubOf } from './github-place.ts';
import type { Apart } from '../ports/apart.ts';

/** A repository with its own watchers, credentials, ETags and back-off. */
export interface ServedRepository extends Repository {
  announced: AnnouncedMerges;
}

/** In the setting’s order. `apart` parses their files. @throws SETTINGS_INVALID if the App’s key cannot be read */
export async function servedRepositories(
  settings: Settings,
  { repo, repoGiven }: ServeOptions,
  { egress, apart }: { egress: Egress | undefined; apart: Apart },
): Promise<readonly ServedRepository[]> {
  const files = repoGiven ? { ...checkout(repo), apart } : null;
  const places = await gitHubOf(settings, egress);
  if (places.length === 0) {
    const source = () => Promise.resolve({ ...checkout(repo), apart });
    return [{ name: repo, gitHub: null, source, announced: new AnnouncedMerges() }];
  }
  const served = places.map((settings) => onGitHub(settings, apart));
  return files ? served.map((each) => ({ ...each, source: () => Promise.resolve(files) })) : served;
}

function onGitHub(settings: GitHubSettings, apart: Apart): ServedRepository {
  const { repository: name, branch = 'main' } = settings;
  const served = gitHub(settings);
  const commits = { ...served.commits, at: recentRevisions((revision) => ({ ...served.commits.at(revision), apart })) };
  return {
    name,
    gitHub: { ...served, commits },
    source: async (revision) => commits.at(revision ?? (await commits.head(branch))),
    announced: new AnnouncedMerges(),
  };
}
