import type { PullRequest } from '../../domain/git/pull-request.ts';
import type { Commits, PullRequests } from '../../ports/git.ts';
import type { Clock } from '../../ports/clock.ts';

/** GitHub tries merges in the background, usually within a second. */
const LOOKS = 6;
const PAUSE_MS = 1000;

interface TrialPorts {
  commits: Commits;
  pullRequests: PullRequests;
  clock: Clock;
}

/** The commit to plan, and its base. */
export interface Trial {
  /** The latest state on GitHub. */
  pull: PullRequest;
  merge: { commit: string; base: string } | 'conflict' | 'unknown';
}

/** Head and base as merged by GitHub: the branch’s future content. Ignores the merge of an older head. */
export async function trialMerge(pull: PullRequest, ports: TrialPorts): Promise<Trial> {
  let newest = pull;
  for (let look = 1; ; look += 1) {
    if (newest.mergeable === false) return { pull: newest, merge: 'conflict' };
    if (newest.mergeable === true && newest.trialMerge !== null) {
      const [base, head] = await ports.commits.parentsOf(newest.trialMerge);
      if (base !== undefined && head === newest.head)
        return { pull: newest, merge: { commit: newest.trialMerge, base } };
    }
    if (look === LOOKS) return { pull: newest, merge: 'unknown' };
    await ports.clock.sleep(PAUSE_MS);
    newest = (await ports.pullRequests.get(pull.number)) ?? newest;
  }
}
