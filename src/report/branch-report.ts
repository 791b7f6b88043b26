import type { BranchChange } from '../domain/branch.ts';
import type { RedisopsError } from '../domain/error.ts';
import type { Report } from '../domain/report.ts';
import { short } from './format.ts';

/** The branch has no way from what was applied to what it has now. */
export function rewrittenReport(branch: string, settled: string, head: string): Report {
  return {
    title: `The branch ${branch} was rewritten`,
    tone: 'warning',
    summary: `It was at ${short(settled)}, which is not in its history any more, and is at ${short(head)} now. Nothing of that is applied by itself.`,
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

export function unreadableReport({ commit, pullRequest }: BranchChange, error: RedisopsError): Report {
  const what = pullRequest ? `The merge of #${pullRequest.number}` : `Commit ${short(commit)}`;
  return {
    title: `${what} cannot be applied`,
    tone: 'bad',
    summary: error.message,
    next: 'Mend the file in Git: the merge that does brings all of it.',
    sections: [],
    footer: [error.code],
  };
}
