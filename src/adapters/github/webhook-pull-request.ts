import { z } from 'zod';
import { askedCommit } from '../../domain/git/pull-request.ts';

/** Events that may change a pull request’s plan. `edited`: perhaps another base branch. */
const ACTIONS = ['opened', 'synchronize', 'reopened', 'ready_for_review', 'converted_to_draft', 'edited'];
/** A review, or its end, may end the wait for one. */
const REVIEWS = ['submitted', 'edited', 'dismissed'];

const pullRequest = z.object({ pull_request: z.object({ number: z.number().int().positive() }) });
const comment = z.object({
  action: z.string(),
  issue: z.object({ number: z.number().int().positive(), pull_request: z.unknown().optional() }),
  comment: z.object({ body: z.string().nullable() }),
});

/** The number of a pull request to look at, or why the delivery is ignored. Nothing else in the payload is used. */
export type PullRequestHint = { pullRequest: number } | { ignored: string } | { malformed: z.ZodError };

export function pullRequestHint(
  event: 'pull_request' | 'pull_request_review' | 'issue_comment',
  action: string,
  body: unknown,
): PullRequestHint {
  if (event !== 'issue_comment') {
    const [known, what] = event === 'pull_request' ? [ACTIONS, 'pull request'] : [REVIEWS, 'review'];
    if (!known.includes(action)) return { ignored: `${what} ${action.slice(0, 100)}` };
    const parsed = pullRequest.safeParse(body);
    return parsed.success ? { pullRequest: parsed.data.pull_request.number } : { malformed: parsed.error };
  }
  if (action !== 'created') return { ignored: `comment ${action.slice(0, 100)}` };
  const parsed = comment.safeParse(body);
  if (!parsed.success) return { malformed: parsed.error };
  const { issue, comment: said } = parsed.data;
  if (issue.pull_request === undefined) return { ignored: 'a comment on an issue' };
  if (askedCommit(said.body ?? '') === null) return { ignored: 'a comment that asks for nothing' };
  return { pullRequest: issue.number };
}
