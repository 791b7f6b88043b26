import { RedisopsError } from '../../domain/error.ts';
import { markdownParts } from '../../report/markdown/parts.ts';
import {
  pullRequestReport,
  verdictOf,
  type PlanVerdict,
  type PullRequestPlan,
} from '../../report/plan/pull-request-report.ts';
import { withoutWords } from '../../report/plan/without-words.ts';
import { planClusters } from './plan-clusters.ts';
import { openCheck, type PullRequestPorts } from './plan-pull-request.ts';
import { ParsedSource } from '../../desired/source/parsed-source.ts';
import { touchedClusters, verdictOnRules } from './touched-clusters.ts';
import type { CheckResult } from '../../ports/git.ts';

/**
 * Plans what a merge queue is about to put on the branch, and reports it in a check of that commit: GitHub merges the
 * group once its required checks pass (docs.github.com, “Managing a merge queue”). Someone with write access put it
 * there, so nodes are read as after the merge; since it may contain a stranger’s change, no values are shown.
 * @throws GITHUB_FAILED
 */
export async function planMergeGroup(commit: string, ports: PullRequestPorts): Promise<PlanVerdict> {
  const check = await openCheck({ head: commit }, 'Planning', ports);
  const { verdict, summary } = await planOf(commit, ports);
  const result: CheckResult = { ...verdict, summary, annotations: [], url: null };
  await check?.end(result);
  return verdict;
}

async function planOf(commit: string, ports: PullRequestPorts): Promise<{ verdict: PlanVerdict; summary: string }> {
  const { commits, branch } = ports;
  const base = ParsedSource.of(commits.at(await commits.head(branch)));
  const wanted = ParsedSource.of(commits.at(commit));
  const all = await commits.changedPaths(base.revision, commit);
  const touched = await touchedClusters(base, wanted, all);
  if (touched instanceof RedisopsError) return short(await verdictOnRules(all, wanted, branch));
  const { clusters, changed } = touched;
  if (clusters.length === 0) return short({ conclusion: 'neutral', title: 'No managed file changed' });

  const plans = await planClusters(clusters, { base, wanted, changed, guarded: false }, ports);
  const planned: PullRequestPlan = {
    head: commit,
    base: base.revision,
    branch,
    merged: 'merged',
    guarded: true,
    clusters: plans.map(withoutWords),
    notes: ['From the merge queue: values and node details are not shown.'],
  };
  const [summary = ''] = markdownParts(pullRequestReport(planned));
  return { verdict: verdictOf(planned), summary };
}

function short(verdict: PlanVerdict): { verdict: PlanVerdict; summary: string } {
  return { verdict, summary: `${verdict.title}.` };
}
