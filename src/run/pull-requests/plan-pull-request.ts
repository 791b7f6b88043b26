import { CLUSTERS_FILE } from '../../desired/rules/clusters.ts';
import { readPullRequestRules } from '../../desired/questions.ts';
import { RedisopsError } from '../../domain/error.ts';
import {
  asksFor,
  type CheckConclusion,
  planWhen,
  type PullRequest,
  type PullRequestComment,
} from '../../domain/git/pull-request.ts';
import { markdown } from '../../report/markdown/markdown.ts';
import { markdownParts } from '../../report/markdown/parts.ts';
import { pullRequestReport, verdictOf, type PullRequestPlan } from '../../report/plan/pull-request-report.ts';
import { withoutWords } from '../../report/plan/without-words.ts';
import { annotationsOf } from './annotations.ts';
import { couldReveal, type Revealing } from '../repositories/guarded-source.ts';
import { planClusters, type PlanPorts, type Versions } from './plan-clusters.ts';
import { ParsedSource } from '../../desired/source/parsed-source.ts';
import { touchedClusters, verdictOnRules } from './touched-clusters.ts';
import { trialMerge, type Trial } from './trial-merge.ts';
import { awaitedReader, openedFor, type OpenedFor, type ReaderPorts } from './second-reader.ts';
import type { CheckResult, Commits, ConfigSource, OpenCheck, PullRequests } from '../../ports/git.ts';

export interface PullRequestPorts extends PlanPorts, ReaderPorts {
  commits: Commits;
  /** The branch whose merges are applied. */
  branch: string;
}

/** What a look at a pull request came to. */
export type Looked =
  'planned' | 'not managed' | 'not planned' | 'waits for a maintainer' | 'as before' | 'not ours' | 'overtaken';

export interface LookedAt {
  looked: Looked;
  /** The state that this was about: the same one need not be looked at again. */
  mark: string | null;
}

const TOPIC = 'plan';

/**
 * Plans a pull request as it is now, and reports it in a comment and a check of its head. Called for every hint and at
 * intervals. The pull request is data: none of it is executed, and nodes are only read.
 * @param known The mark of the last look: the same state is skipped.
 * @throws GITHUB_FAILED
 */
export async function planPullRequest(
  number: number,
  known: string | null,
  ports: PullRequestPorts,
): Promise<LookedAt> {
  const { pullRequests, branch } = ports;
  const first = await pullRequests.get(number);
  if (!first || first.state === 'closed' || first.base !== branch) return { looked: 'not ours', mark: null };
  const comments = await pullRequests.comments(number);
  const word = await wordFor(first, comments, pullRequests);
  const opened = await openedFor(first, ports);
  const mark = markFor(first, word, opened);
  if (mark === known || comments.some((each) => markOf(each) === mark)) return { looked: 'as before', mark };

  const { pull, merge } = await trialMerge(first, ports);
  if (pull.head !== first.head) return { looked: 'overtaken', mark: null };
  const commented = comments.some(({ topic }) => topic === TOPIC);
  const looked = await lookAt({ pull, mark, commented, asked: word !== null, merge, opened }, ports);
  return { looked, mark: looked === 'overtaken' ? null : mark };
}

/** Everything that the plan and its check depend on. */
function markFor({ head, draft }: PullRequest, word: number | null, opened: OpenedFor | null): string {
  const approved = opened === null ? '' : ` approved by ${opened.approvals.join(',') || 'nobody'}`;
  return `<!-- planned ${head} ${draft ? 'draft' : 'ready'} ${word ?? 'unasked'}${approved} -->`;
}

/** The mark of our own comment: its second line, which the pull request cannot influence. */
function markOf({ own, topic, body }: PullRequestComment): string | undefined {
  return own && topic === TOPIC ? body.split('\n')[1] : undefined;
}

/** Maximum number of commenters checked: a flood of comments makes no more work than this. */
const MOST_PEOPLE = 20;

/** The newest comment by someone with write access that requests a plan of this head; null if there is none. */
async function wordFor(
  pull: PullRequest,
  comments: readonly PullRequestComment[],
  pullRequests: PullRequests,
): Promise<number | null> {
  const strangers = new Set<string>();
  for (const { id, login, body, own } of comments.toReversed()) {
    if (own || strangers.has(login) || !asksFor(body, pull)) continue;
    if (await pullRequests.mayWrite(login)) return id;
    if (strangers.add(login).size === MOST_PEOPLE) return null;
  }
  return null;
}

interface Case {
  pull: PullRequest;
  mark: string;
  /** Whether there is a comment of ours already. */
  commented: boolean;
  /** Whether a maintainer asked for the plan. */
  asked: boolean;
  merge: Trial['merge'];
  /** For whom redisops opened it; null if a person did. */
  opened: OpenedFor | null;
}

async function lookAt(each: Case, ports: PullRequestPorts): Promise<Looked> {
  const { pull, merge, asked } = each;
  const { commits, branch } = ports;
  const trial = typeof merge === 'string' ? null : merge;
  const base = ParsedSource.of(commits.at(trial?.base ?? (await commits.head(branch))));
  const wanted = ParsedSource.of(commits.at(trial?.commit ?? pull.head));
  const all = await commits.changedPaths(base.revision, wanted.revision);
  const when = planWhen(pull, await readPullRequestRules(base, CLUSTERS_FILE));
  const mayRead = when === 'always' || (when === 'on-request' && asked);
  const touched = await touchedClusters(base, mayRead ? wanted : null, all);
  if (touched instanceof RedisopsError) return rulesBroken(each, all, wanted, ports);
  const { clusters, changed } = touched;
  if (clusters.length === 0) {
    await conclude(each, { conclusion: 'neutral', title: 'No managed file changed', comment: each.commented }, ports);
    return 'not managed';
  }
  const kind = pull.fork === null ? 'draft' : 'pull request of a fork';
  if (when === 'never') {
    const title = `Not planned: redisops.yml excludes a ${kind}`;
    await conclude(each, { conclusion: 'neutral', title, comment: each.commented }, ports);
    return 'not planned';
  }
  if (when === 'on-request' && !asked) {
    await conclude(each, { ...waiting(pull, kind), comment: true }, ports);
    return 'waits for a maintainer';
  }
  return plan(each, clusters, { base, wanted, changed, guarded: pull.fork !== null }, ports);
}

async function rulesBroken(
  each: Case,
  changed: readonly string[],
  wanted: ConfigSource,
  ports: PullRequestPorts,
): Promise<Looked> {
  const verdict = await verdictOnRules(changed, wanted, ports.branch);
  await conclude(each, { ...verdict, comment: each.commented }, ports);
  return 'not planned';
}

function waiting({ fork, head }: PullRequest, kind: string): Pick<Short, 'conclusion' | 'title' | 'more'> {
  const commit = fork === null ? '' : ` ${head.slice(0, 12)}`;
  const more = `To plan it, someone with write access comments \`/redisops plan${commit}\`.`;
  const title = `The plan of a ${kind} waits for a maintainer`;
  // A draft cannot be merged anyway; a fork’s pull request should not be merged unplanned.
  return { conclusion: fork === null ? 'neutral' : 'action_required', title, more };
}

interface Short {
  conclusion: CheckConclusion;
  title: string;
  more?: string;
  /** Whether to comment on the pull request as well. */
  comment: boolean;
}

async function conclude(each: Case, { comment, more, ...ending }: Short, ports: PullRequestPorts): Promise<void> {
  const { pull, commented } = each;
  const summary = `${ending.title}.${more === undefined ? '' : ` ${more}`}`;
  const check = await openCheck(pull, ending.title, ports);
  const parts = comment || commented ? [`${summary}\n`] : [];
  await end(each, check, parts, { ...ending, summary, annotations: [] }, ports);
}

/**
 * Posts the comment and ends the check. The mark comes last: after a crash everything is repeated, and no check stays
 * open.
 */
async function end(
  { pull: { number }, mark }: Case,
  check: OpenCheck | null,
  [first, ...more]: readonly string[],
  result: Omit<CheckResult, 'url'>,
  { pullRequests }: PullRequestPorts,
): Promise<void> {
  const url = first === undefined ? null : await pullRequests.say(number, TOPIC, [first, ...more]);
  await check?.end({ ...result, url });
  if (first !== undefined) await pullRequests.say(number, TOPIC, [`${mark}\n${first}`, ...more]);
}

/** Opens a check of the commit; null, with a log line, if the credentials may not write one. */
export async function openCheck(
  { head }: Pick<PullRequest, 'head'>,
  title: string,
  ports: Pick<PullRequestPorts, 'pullRequests' | 'log'>,
): Promise<OpenCheck | null> {
  const check = await ports.pullRequests.openCheck(head, title);
  if (!check) ports.log.warn({ head }, 'GitHub’s credentials can write neither checks nor commit statuses');
  return check;
}

async function plan(
  each: Case,
  clusters: readonly string[],
  versions: Versions,
  ports: PullRequestPorts,
): Promise<Looked> {
  const { pull, merge } = each;
  const { commits, pullRequests, branch, vaultPassword } = ports;
  const check = await openCheck(pull, 'Planning', ports);
  const { base, wanted, changed } = versions;
  const revealing = versions.guarded ? null : await couldReveal(changed, base, wanted, clusters);
  const planned = await planClusters(clusters, versions, ports);
  const plans = revealing === null ? planned : planned.map(withoutWords);
  if ((await pullRequests.get(pull.number))?.head !== pull.head) return overtaken(check);

  const guarded = versions.guarded || revealing !== null;
  const [cluster = ''] = clusters;
  const waits = each.opened && (await awaitedReader(pull, each.opened, { base, cluster }, ports));
  const shown: PullRequestPlan = {
    head: pull.head,
    base: base.revision,
    branch,
    merged: typeof merge === 'string' ? merge : 'merged',
    guarded,
    clusters: plans,
    waits,
    notes: notesOf(versions, revealing),
  };
  const report = pullRequestReport(shown);
  const head = ParsedSource.of(commits.at(pull.head));
  const annotations = await annotationsOf(plans, versions, head, guarded ? undefined : vaultPassword);
  const summary = markdown({ ...report, sections: [] });
  await end(each, check, markdownParts(report), { ...verdictOf(shown), summary, annotations }, ports);
  return 'planned';
}

async function overtaken(check: OpenCheck | null): Promise<Looked> {
  const title = 'Superseded by a newer commit';
  await check?.end({ conclusion: 'cancelled', title, summary: `${title}.`, annotations: [], url: null });
  return 'overtaken';
}

function notesOf({ changed, guarded }: Versions, revealing: Revealing | null): readonly string[] {
  const rules =
    'redisops.yml changes here: its rules and clusters apply after the merge. This plan uses those of the branch.';
  const reasons: Readonly<Record<Revealing, string>> = {
    vault: 'A changed file has vaulted values besides passwords: no values are shown.',
    template:
      'A template changes here, and templates can read secrets: no values are shown. To see the plan, run `redisops plan` in a checkout of this branch.',
  };
  const stranger = 'From a fork: values and node details are not shown.';
  return [
    ...(changed.includes(CLUSTERS_FILE) ? [rules] : []),
    ...(guarded ? [stranger] : []),
    ...(revealing === null ? [] : [reasons[revealing]]),
  ];
}
