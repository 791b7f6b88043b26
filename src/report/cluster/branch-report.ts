import type { BranchChange } from '../../domain/git/branch.ts';
import type { RedisopsError } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import { short } from '../text/format.ts';

/** The branch was rewritten: the applied commit is not in its history. */
export function rewrittenReport(
  { repository, branch }: { repository: string; branch: string },
  handled: string,
  head: string,
): Report {
  return {
    title: `The branch ${branch} was rewritten`,
    tone: 'warning',
    summary: `${repository} was at ${short(handled)}, which is no longer in its history, and is now at ${short(head)}. Nothing is applied automatically.`,
    next: '`/redis plan` shows what the head would change. `/redis apply` or the next merge applies it.',
    sections: [],
  };
}

export function pushedReport(cluster: string, { author, commit }: BranchChange): Report {
  return {
    title: `${cluster}: ${author} pushed without a pull request`,
    tone: 'warning',
    summary: `Commit ${short(commit)} changes the configuration. It is not applied automatically.`,
    next: '`/redis plan` shows what it would change. `/redis apply` applies it. With `direct_pushes: apply` in redisops.yml such pushes are applied.',
    sections: [],
  };
}

export function unreadableReport(change: BranchChange, repository: string, error: RedisopsError): Report {
  return {
    title: `${whatOf(change)} cannot be applied`,
    tone: 'bad',
    summary: `${repository}: ${error.message}`,
    next: 'Fix the file in Git. The merge that fixes it applies everything.',
    sections: [],
    footer: [error.code],
  };
}

/** Another repository owns the cluster. */
export function takenReport(cluster: string, change: BranchChange, repository: string, owner: string): Report {
  return {
    title: `${whatOf(change)} is not applied to ${cluster}`,
    tone: 'bad',
    summary: `${repository} names the cluster ${cluster}, which belongs to ${owner}. Nothing was applied to it.`,
    next: 'Rename the cluster in one of the two redisops.yml files.',
    sections: [],
    footer: ['CLUSTER_TAKEN'],
  };
}

function whatOf({ commit, pullRequest }: BranchChange): string {
  return pullRequest ? `The merge of #${pullRequest.number}` : `Commit ${short(commit)}`;
}
