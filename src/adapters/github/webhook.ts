import { Webhooks } from '@octokit/webhooks';
import { z } from 'zod';
import type { AnnouncedMerge } from '../../domain/git/branch.ts';
import type { Code } from '../../domain/code.ts';
import type { Secret } from '../../domain/secret.ts';
import { pullRequestHint, type PullRequestHint } from './webhook-pull-request.ts';
import type { RequestLimits } from '../http/server.ts';

const MAX_BYTES = 5 * 1024 * 1024;
/** GitHub’s payloads may have 25 MB, but those for pull requests are well under 1 MB. */
export const GITHUB_REQUESTS: RequestLimits = { maxBytes: MAX_BYTES, signedBy: ['x-hub-signature-256'] };

export interface WebhookRequest {
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  rawBody: Buffer;
}

export interface WebhookAnswer {
  status: number;
  /** One line of plain text, which GitHub shows with the delivery. */
  body: string;
  outcome: 'accepted' | 'ignored' | 'refused';
}

export interface WebhookDoor {
  /** Without a secret, everything is refused. */
  secret: Secret | undefined;
  repositories: readonly WebhookPlace[];
}

/** A served repository. */
export interface WebhookPlace {
  /** `owner/name` */
  repository: string;
  /** The branch whose merges count; null: the repository’s default branch. */
  branch: string | null;
  /** Called for every pull request whose plan may have changed. */
  onPullRequest(pullRequest: number): void;
  /** Called when a merge queue is waiting for checks. */
  onMergeGroup(): void;
  /** Called for every merge into the branch and every push to it. */
  onBranch(merge: AnnouncedMerge | null): void;
}

const envelope = z.object({
  action: z.string().optional(),
  repository: z.object({ full_name: z.string(), default_branch: z.string().optional() }).optional(),
});

const closedPullRequest = z.object({
  repository: z.object({ full_name: z.string(), default_branch: z.string() }),
  pull_request: z.object({
    number: z.number().int().positive(),
    merged: z.boolean().nullable(),
    merge_commit_sha: z.string().nullable(),
    merged_by: z.object({ login: z.string() }).nullable().optional(),
    base: z.object({ ref: z.string() }),
  }),
});

/**
 * Receives GitHub’s webhooks. A signed delivery from a served repository is a hint where to look; anything else is
 * answered with the reason it is ignored. Nothing is requested or stored while GitHub waits: the truth is looked up
 * afterwards, so a webhook that comes twice, late or never changes only the timing.
 */
export function githubWebhook(door: WebhookDoor): (request: WebhookRequest) => Promise<WebhookAnswer> {
  const webhooks = door.secret ? new Webhooks({ secret: door.secret.reveal() }) : null;
  return async (request) => {
    const refusal = await refusalOf(request, webhooks);
    if (refusal) return refusal;
    const event = header(request, 'x-github-event');
    if (event === 'ping') return { status: 200, body: 'pong', outcome: 'accepted' };
    if (!isEvent(event)) return ignored(`event ${JSON.stringify(event.slice(0, 100))}`);

    const body = parseJson(request.rawBody);
    const parsed = envelope.safeParse(body);
    if (!parsed.success) return malformed(parsed.error);
    const { action = '', repository } = parsed.data;
    const name = repository?.full_name.toLowerCase();
    const place = door.repositories.find((each) => each.repository.toLowerCase() === name);
    if (!place) return ignored('another repository');
    if (event === 'push') return onPush(body, place);
    if (event === 'merge_group') return onMergeGroup(action, place);
    if (event !== 'pull_request' || action !== 'closed')
      return onPullRequest(pullRequestHint(event, action, body), place);
    const closed = closedPullRequest.safeParse(body);
    if (!closed.success) return malformed(closed.error);
    return onClosed(closed.data, place);
  };
}

const EVENTS = ['pull_request', 'pull_request_review', 'issue_comment', 'push', 'merge_group'] as const;

function isEvent(name: string): name is (typeof EVENTS)[number] {
  return EVENTS.some((event) => event === name);
}

const push = z.object({ ref: z.string(), repository: z.object({ default_branch: z.string() }) });

function onPush(body: unknown, place: WebhookPlace): WebhookAnswer {
  const read = push.safeParse(body);
  if (!read.success) return malformed(read.error);
  const branch = place.branch ?? read.data.repository.default_branch;
  if (read.data.ref !== `refs/heads/${branch}`) return ignored(`a push to another branch than ${branch}`);
  place.onBranch(null);
  return { status: 202, body: `accepted: ${branch} is looked at`, outcome: 'accepted' };
}

function onMergeGroup(action: string, place: WebhookPlace): WebhookAnswer {
  if (action !== 'checks_requested') return ignored(`merge group ${action.slice(0, 100)}`);
  place.onMergeGroup();
  return { status: 202, body: 'accepted: the merge queue is looked at', outcome: 'accepted' };
}

function onPullRequest(hint: PullRequestHint, place: WebhookPlace): WebhookAnswer {
  if ('ignored' in hint) return ignored(hint.ignored);
  if ('malformed' in hint) return malformed(hint.malformed);
  place.onPullRequest(hint.pullRequest);
  return { status: 202, body: `accepted: #${hint.pullRequest} is looked at`, outcome: 'accepted' };
}

function onClosed(
  { repository, pull_request: pull }: z.output<typeof closedPullRequest>,
  place: WebhookPlace,
): WebhookAnswer {
  const branch = place.branch ?? repository.default_branch;
  const { number, merged, merge_commit_sha: commit, merged_by: by, base } = pull;
  if (!merged) return ignored('closed without a merge');
  if (base.ref !== branch) return ignored(`merged into another branch than ${branch}`);
  place.onBranch(commit === null ? null : { commit, pullRequest: { number, mergedBy: by?.login ?? 'unknown' } });
  return { status: 202, body: `accepted: #${number} was merged, ${branch} is looked at`, outcome: 'accepted' };
}

/** Checked before the body is parsed. */
async function refusalOf(
  { headers, rawBody }: WebhookRequest,
  webhooks: Webhooks | null,
): Promise<WebhookAnswer | null> {
  if (!webhooks) return errorAnswer(403, 'SIGNATURE_INVALID', 'GITHUB_WEBHOOK_SECRET is not set');
  if (rawBody.length > MAX_BYTES) return errorAnswer(413, 'BODY_TOO_LARGE', `more than ${MAX_BYTES} bytes`);
  const signature = header({ headers }, 'x-hub-signature-256');
  if (!(await isSigned(rawBody, signature, webhooks)))
    return errorAnswer(401, 'SIGNATURE_INVALID', 'X-Hub-Signature-256 is missing or wrong');
  const type = header({ headers }, 'content-type');
  if (!type.startsWith('application/json'))
    return errorAnswer(415, 'USAGE', 'set the webhook’s content type to application/json');
  return null;
}

/** In constant time. GitHub sends only UTF-8. */
async function isSigned(rawBody: Buffer, signature: string, webhooks: Webhooks): Promise<boolean> {
  if (signature === '' || rawBody.length === 0) return false;
  return webhooks.verify(rawBody.toString('utf8'), signature);
}

function header({ headers }: Pick<WebhookRequest, 'headers'>, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function ignored(reason: string): WebhookAnswer {
  return { status: 202, body: `ignored: ${reason}`, outcome: 'ignored' };
}

function errorAnswer(status: number, code: Code, reason: string): WebhookAnswer {
  return { status, body: `${code}: ${reason}`, outcome: 'refused' };
}

function malformed(error: z.ZodError): WebhookAnswer {
  const fields = error.issues.map(({ path }) => path.join('.')).join(', ');
  return errorAnswer(400, 'USAGE', `not a pull_request payload${fields === '' ? '' : `: ${fields}`}`);
}
