/** A pull request of the configuration repository, as GitHub has it now. Everything in it but the numbers is its author’s. */
export interface PullRequest {
  number: number;
  state: 'open' | 'closed';
  draft: boolean;
  /** The newest commit. */
  head: string;
  /** The branch that it is to be merged into. */
  base: string;
  /** The repository that its commits come from, where that is another one; null for the repository’s own branches. */
  fork: string | null;
  /** Null while GitHub has not tried the merge yet. */
  mergeable: boolean | null;
  /** The merge that GitHub tried last, perhaps of older commits. */
  trialMerge: string | null;
}

/** Which pull requests get their plan by themselves; from `redisops.yml` of the base branch. */
export interface PullRequestRules {
  forks: PlanWhen;
  drafts: PlanWhen;
}

/** `on-request`: when somebody who may write to the repository says so in a comment. */
export const PLAN_WHEN = ['never', 'on-request', 'always'] as const;
export type PlanWhen = (typeof PLAN_WHEN)[number];

export const DEFAULT_RULES: PullRequestRules = { forks: 'on-request', drafts: 'on-request' };

/** The stricter of what holds for a draft and for a fork; `always` for a pull request that is neither. */
export function planWhen({ draft, fork }: Pick<PullRequest, 'draft' | 'fork'>, rules: PullRequestRules): PlanWhen {
  const asked = [...(draft ? [rules.drafts] : []), ...(fork === null ? [] : [rules.forks])];
  return PLAN_WHEN.find((when) => asked.includes(when)) ?? 'always';
}

/** The commit that a comment asks a plan for: `''` where it names none; null where it asks for nothing. */
export function askedCommit(comment: string): string | null {
  const asked = /^\/redisops plan(?:[ \t]+([0-9a-f]{7,40}))?[ \t]*$/im.exec(comment.slice(0, 2000));
  return asked ? (asked[1] ?? '').toLowerCase() : null;
}

/**
 * Whether the words ask for a plan of this head. For a fork they must name it: between reading a pull request and writing
 * under it, its author may push.
 */
export function asksFor(comment: string, { head, fork }: Pick<PullRequest, 'head' | 'fork'>): boolean {
  const commit = askedCommit(comment);
  if (commit === null) return false;
  return commit === '' ? fork === null : head.startsWith(commit);
}

/** GitHub’s words for how a check ends. */
export type CheckConclusion = 'success' | 'failure' | 'neutral' | 'action_required' | 'cancelled';

/** A remark on one line of a file, as it is at the head. */
export interface Annotation {
  path: string;
  /** From 1. */
  line: number;
  level: 'notice' | 'warning' | 'failure';
  title: string;
  message: string;
}

export interface PullRequestComment {
  id: number;
  login: string;
  body: string;
  /** Written by us. */
  own: boolean;
  /** Of ours, what it is about; null for comments of others, which may fake it. */
  topic: string | null;
}
