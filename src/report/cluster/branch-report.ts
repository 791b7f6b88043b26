import type { BranchChange } from '../../domain/git/branch.ts';
import type { RedisopsError } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import { short } from '../text/format.ts';

/** The branch has no way from what was applied to what it has now. */
export function rewrittenReport(
  { repository, branch }: { repository: string; branch: string },
  settled: string,
  head: string,
): Report {
  return {
    title: `The branch ${branch} was rewritten`,
    tone: 'warning',
    summary: `${repository} was at ${short(settled)}, which is not in its history any more, and is at ${short(head)} now. Nothing of that is applied by itself.`,
    next: '`/redis plan` shows what its head would change, `/redis apply` applies it. The next merge does, too.',
    sections: [],
  };
}

export function pushedReport(cluster: string, { author, commit }: BranchChange): Report {
  return {
    title: `${cluster}: ${author} pushed without a pull request`,
    tone: 'warning',
    summary: `Commit ${short(commit)} changes the configuration. It is not applied by itself.`,
    next: '`/redis plan` shows what it would change, `/redis apply` applies it. `direct_pushes: apply` in redisops.yml applies such pushes.',
    sections: [],
  };
}

export function unreadableReport(change: BranchChange, repository: string, error: RedisopsError): Report {
  return {
    title: `${whatOf(change)} cannot be applied`,
    tone: 'bad',
    summary: `${repository}: ${error.message}`,
    next: 'Mend the file in Git: the merge that does brings all of it.',
    sections: [],
    footer: [error.code],
  };
}

/** A cluster’s name that is taken. */
export function takenReport(cluster: string, change: BranchChange, repository: string, owner: string): Report {
  return {
    title: `${whatOf(change)} is not applied to ${cluster}`,
    tone: 'bad',
    summary: `${repository} names the cluster ${cluster}, which ${owner} has: nothing is done for it from here.`,
    next: 'Give it another name in redisops.yml of one of them.',
    sections: [],
    footer: ['CLUSTER_TAKEN'],
  };
}

function whatOf({ commit, pullRequest }: BranchChange): string {
  return pullRequest ? `The merge of #${pullRequest.number}` : `Commit ${short(commit)}`;
}
