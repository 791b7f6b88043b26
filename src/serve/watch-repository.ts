import { watchMergeGroups } from '../run/pull-requests/merge-group-watch.ts';
import { followBranch } from '../run/branch/follow-branch.ts';
import { watchPullRequests, type PullRequestWatch } from '../run/pull-requests/pull-request-watch.ts';
import type { Watch } from '../run/watch.ts';
import type { AnnouncedMerges } from '../run/branch/announced-merges.ts';
import { lookForChanges } from '../run/branch/look-for-changes.ts';
import type { Program } from './program.ts';
import type { ServedRepository } from './repositories.ts';

/** Watches a repository at intervals and after hints. */
export interface RepositoryWatch {
  /** `owner/name` */
  name: string;
  announced: AnnouncedMerges;
  branch: Watch;
  pullRequests: PullRequestWatch;
  mergeGroups: Watch;
}

/** Null if the configuration is not on GitHub: there is no branch to follow and no pull request to plan. */
export function watchRepository(repository: ServedRepository, program: Program): RepositoryWatch | null {
  const { name, gitHub, announced } = repository;
  if (!gitHub) return null;
  const { settings, repositories } = program;
  const log = repositories.all.length > 1 ? program.log.child({ repository: name }) : program.log;
  const everyMs = settings.GITHUB_POLL_SECONDS * 1000;
  const ports = {
    ...program,
    ...repository,
    ...gitHub,
    log,
    repository: name,
    branch: settings.GITHUB_BRANCH,
    takenBy: (cluster: string) => repositories.takenFrom(name, cluster),
  };
  return {
    name,
    announced,
    branch: followBranch(lookForChanges(ports, announced), { everyMs, settleMs: 1000 }, ports),
    pullRequests: watchPullRequests({ ...ports, nodes: program.nodesToRead }, { everyMs }),
    mergeGroups: watchMergeGroups({ ...ports, nodes: program.nodesToRead }, everyMs),
  };
}
