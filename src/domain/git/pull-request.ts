/**
 * A pull request of the configuration repository, as GitHub has it now. Its author controls everything in it except the
 * numbers.
 */
export interface PullRequest {
  number: number;
  /** Its address on GitHub. */
  url?: string | undefined;
  state: 'open' | 'closed';
  draft: boolean;
  /** The newest commit. */
  head: string;
  /** The target branch. */
  base: string;
  /** The source repository if it is a fork; null for a branch of this repository. */
  fork: string | null;
  /** Null until GitHub has tried the merge. */
  mergeable: boolean | null;
  /** GitHub’s last trial merge, possibly of older commits. */
  trialMerge: string | null;
}

/** Which pull requests are planned automatically; from `redisops.yml` on the base branch. */
export interface PullRequestRules {
  forks: PlanWhen;
  drafts: PlanWhen;
}

/** `on-request`: after a comment by someone with write access. */
export const PLAN_WHEN = ['never', 'on-request', 'always'] as const;
export type PlanWhen = (typeof PLAN_WHEN)[number];

export const DEFAULT_RULES: PullRequestRules = { forks: 'on-request', drafts: 'on-request' };

/** The stricter rule of draft and fork; `always` for neither. */
export function planWhen({ draft, fork }: Pick<PullRequest, 'draft' | 'fork'>, rules: PullRequestRules): PlanWhen {
  const asked = [...(draft ? [rules.drafts] : []), ...(fork === null ? [] : [rules.forks])];
  return PLAN_WHEN.find((when) => asked.includes(when)) ?? 'always';
}

/** The commit for which a comment requests a plan: `''` if it names none; null if it requests nothing. */
export function askedCommit(comment: string): string | null {
  const asked = /^\/redisops plan(?:[ \t]+([0-9a-f]{12,40}))?[ \t]*$/im.exec(comment.slice(0, 2000));
  return asked ? (asked[1] ?? '').toLowerCase() : null;
}

/**
 * Whether the comment requests a plan of this head. For a fork it must name the commit: the author may push between the
 * review and the comment.
 */
export function asksFor(comment: string, { head, fork }: Pick<PullRequest, 'head' | 'fork'>): boolean {
  const commit = askedCommit(comment);
  if (commit === null) return false;
  return commit === '' ? fork === null : head.startsWith(commit);
}

/** GitHub’s terms for the result of a check. */
export type CheckConclusion = 'success' | 'failure' | 'neutral' | 'action_required' | 'cancelled';

/** A remark on a line of a file at the head commit. */
export interface Annotation {
  path: string;
  /** Counts from 1. */
  line: number;
  level: 'notice' | 'warning' | 'failure';
  title: string;
  message: string;
}

export interface PullRequestComment {
  id: number;
  login: string;
  body: string;
  /** Whether redisops wrote it. */
  own: boolean;
  /** The topic of our own comment; null for others’ comments, which may fake one. */
  topic: string | null;
}
