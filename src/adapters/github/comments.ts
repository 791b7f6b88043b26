import type { GitHubClient } from './client.ts';
import type { PullRequestComment } from '../../domain/git/pull-request.ts';

const MOST_PAGES = 10;
/** In characters; GitHub’s limit is 65,536. */
const LONGEST = 65_000;
const OUTDATED = 'This part is no longer in the plan.';

interface Comment extends PullRequestComment {
  nodeId: string;
  folded: boolean;
  url: string;
}

export async function commentsOf(client: GitHubClient, pullRequest: number): Promise<readonly Comment[]> {
  const login = await client.login();
  const found: Comment[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const comments = await client.ask(`comments of #${pullRequest}`, (octokit) =>
      octokit.rest.issues.listComments({ ...client.place, issue_number: pullRequest, per_page: 100, page }),
    );
    for (const comment of comments) {
      const by = comment.user?.login ?? '';
      found.push({
        id: comment.id,
        login: by,
        body: comment.body ?? '',
        own: by === login,
        topic: by === login ? topicOf(comment.body ?? '') : null,
        nodeId: comment.node_id,
        folded: 'minimized' in comment && comment.minimized !== null && comment.minimized !== undefined,
        url: comment.html_url,
      });
    }
    if (comments.length < 100) break;
  }
  return found;
}

/**
 * One comment per part, identified by an invisible marker. Anyone can write the marker, so only our own comments are
 * edited. If two bots each created one at the same time, the later one is folded.
 */
export async function say(
  client: GitHubClient,
  pullRequest: number,
  topic: string,
  parts: readonly string[],
): Promise<string | null> {
  const own = (await commentsOf(client, pullRequest)).filter((comment) => comment.own);
  const markers = parts.map((_, at) => marker(topic, at));
  const kept = new Set<number>();
  let first: string | null = null;
  for (const [at, text] of parts.entries()) {
    const mark = markers[at] ?? '';
    const known = own.find(({ body }) => body.startsWith(`${mark}\n`));
    const body = `${mark}\n${cut(text)}`;
    const url = known ? await edited(client, known, body) : await created(client, pullRequest, body);
    if (known) kept.add(known.id);
    first ??= url;
  }
  for (const comment of own) if (!kept.has(comment.id) && comment.topic === clean(topic)) await folded(client, comment);
  return first;
}

function marker(topic: string, part: number): string {
  return `<!-- redisops:${clean(topic)}${part === 0 ? '' : `/${part + 1}`} -->`;
}

function clean(topic: string): string {
  return topic.replaceAll(/[^\w.-]/g, '-');
}

function topicOf(body: string): string | null {
  const [, topic = null] = /^<!-- redisops:([\w.-]+)(?:\/\d+)? -->/.exec(body) ?? [];
  // Version 0.1 marked further parts of a plan `plan-2`, `plan-3`, …
  return topic !== null && /^plan-\d+$/.test(topic) ? 'plan' : topic;
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}\n\n(cut off)` : text;
}

async function created(client: GitHubClient, pullRequest: number, body: string): Promise<string> {
  const made = await client.ask(`comment on #${pullRequest}`, (octokit) =>
    octokit.rest.issues.createComment({ ...client.place, issue_number: pullRequest, body }),
  );
  return made.html_url;
}

async function edited(client: GitHubClient, known: Comment, body: string): Promise<string> {
  if (known.body !== body)
    await client.ask(`comment ${known.id}`, (octokit) =>
      octokit.rest.issues.updateComment({ ...client.place, comment_id: known.id, body }),
    );
  if (known.folded) await fold(client, known, 'unminimizeComment(input: {subjectId: $id})');
  return known.url;
}

async function folded(client: GitHubClient, comment: Comment): Promise<void> {
  const [mark = ''] = comment.body.split('\n');
  const body = `${mark}\n${OUTDATED}`;
  if (comment.body !== body)
    await client.ask(`comment ${comment.id}`, (octokit) =>
      octokit.rest.issues.updateComment({ ...client.place, comment_id: comment.id, body }),
    );
  if (!comment.folded) await fold(client, comment, 'minimizeComment(input: {subjectId: $id, classifier: OUTDATED})');
}

/** REST cannot fold. Without GraphQL, the text says the same. */
async function fold(client: GitHubClient, { nodeId }: Comment, mutation: string): Promise<void> {
  const query = `mutation ($id: ID!) { changed: ${mutation} { clientMutationId } }`;
  await client
    .ask('fold a comment', async (octokit) => ({ data: await octokit.graphql<unknown>(query, { id: nodeId }) }))
    .catch(() => undefined);
}
