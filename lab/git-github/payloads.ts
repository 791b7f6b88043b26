import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { emailOf } from './git.ts';
import { asShape, type Shape } from './json.ts';
import { commentOf, commitOf, NO_REACTIONS, pullOf, userOf } from './shapes.ts';
import type { Comment, Pull, World } from './world.ts';

/** An action that webhooks report. */
export type News = PullNews | CommentNews | Push | QueueNews;

interface PullNews {
  event: 'pull_request';
  action: 'opened' | 'synchronize' | 'reopened' | 'closed' | 'ready_for_review' | 'converted_to_draft';
  pull: Pull;
  sender: string;
  /** For a push. */
  range?: { before: string; after: string };
}

interface CommentNews {
  event: 'issue_comment';
  action: 'created';
  pull: Pull;
  comment: Comment;
  sender: string;
}

interface QueueNews {
  event: 'merge_group';
  action: 'checks_requested';
  branch: string;
  pull: Pull;
  base: string;
  head: string;
  sender: string;
}

interface Push {
  event: 'push';
  branch: string;
  before: string;
  after: string;
  forced: boolean;
  sender: string;
}

const require = createRequire(import.meta.url);
const recording = z.array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }));
let recorded: z.output<typeof recording> | null = null;

/** A recorded delivery of GitHub: its repository looks like those sent today. */
function example(event: string, fits: (payload: Shape) => boolean): Shape {
  recorded ??= recording.parse(
    JSON.parse(readFileSync(require.resolve('@octokit/webhooks-examples/api.github.com/index.json'), 'utf8')),
  );
  const found = recorded.find(({ name }) => name === event)?.examples.find(fits);
  if (!found) throw new Error(`no recorded webhook ${event}`);
  return structuredClone(found);
}

/** The webhook’s payload for an action. */
export function payloadOf(world: World, news: News): Shape {
  const common = {
    repository: repositoryOf(world, news.event === 'merge_group' ? 'pull_request' : news.event),
    sender: userOf(news.sender),
  };
  switch (news.event) {
    case 'pull_request': {
      const { action, pull, range = {} } = news;
      return { action, number: pull.number, pull_request: pullOf(world, pull), ...common, ...range };
    }
    case 'issue_comment': {
      const { action, pull, comment } = news;
      const told = { ...commentOf(world, comment), performed_via_github_app: null };
      return { action, issue: issueOf(world, pull), comment: told, ...common };
    }
    case 'merge_group':
      return { action: news.action, merge_group: mergeGroupOf(world, news), ...common };
    case 'push':
      return pushPayload(world, common.repository, news);
  }
}

function mergeGroupOf(world: World, { branch, pull, base, head }: QueueNews): Shape {
  const { id, tree_id, message, timestamp, author, committer } = pushedCommit(world, head);
  return {
    head_sha: head,
    head_ref: `refs/heads/${branch}`,
    base_sha: base,
    base_ref: `refs/heads/${pull.baseRef}`,
    head_commit: { id, tree_id, message, timestamp, author, committer },
  };
}

function issueOf({ owner, name }: World, pull: Pull): Shape {
  const recordedOne = asShape(example('issue_comment', (payload) => payload['action'] === 'created')['issue']);
  const url = `https://api.github.com/repos/${owner}/${name}/pulls/${pull.number}`;
  return {
    ...recordedOne,
    number: pull.number,
    title: pull.title,
    user: userOf(pull.author),
    state: pull.state,
    draft: pull.draft,
    pull_request: { url, html_url: url, diff_url: url, patch_url: url, merged_at: null },
    labels: [],
    reactions: NO_REACTIONS,
    active_lock_reason: null,
  };
}

function pushPayload(world: World, repository: Shape, { branch, before, after, forced, sender }: Push): Shape {
  const commits = world.repository.commitsBetween(before, after).map((sha) => pushedCommit(world, sha));
  return {
    ref: `refs/heads/${branch}`,
    before,
    after,
    repository,
    sender: userOf(sender),
    pusher: { name: sender, email: emailOf(sender) },
    created: false,
    deleted: false,
    forced,
    base_ref: null,
    compare: `https://github.com/${world.owner}/${world.name}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: commits.slice(-2048),
    head_commit: pushedCommit(world, after),
  };
}

const pushed = z.object({
  author: z.object({ name: z.string(), email: z.string(), date: z.string() }),
  message: z.string(),
  tree: z.object({ sha: z.string() }),
});

function pushedCommit(world: World, sha: string): Shape {
  const { commit, html_url } = commitOf(world, sha);
  const { author, message, tree } = pushed.parse(commit);
  const person = { name: author.name, email: author.email, username: author.name, date: author.date };
  const changes = world.repository.changes(`${sha}~1`, sha);
  const named = (status: string): readonly string[] =>
    changes.filter((file) => file.status === status).map(({ filename }) => filename);
  return {
    id: sha,
    tree_id: tree.sha,
    distinct: true,
    message,
    timestamp: author.date,
    url: html_url,
    author: person,
    committer: person,
    added: named('added'),
    removed: named('removed'),
    modified: named('modified'),
  };
}

function repositoryOf({ owner, name }: World, event: string): Shape {
  const shape = asShape(example(event, ({ repository }) => repository !== undefined)['repository']);
  return {
    ...shape,
    name,
    full_name: `${owner}/${name}`,
    owner: event === 'push' ? { ...userOf(owner), name: owner, email: null } : userOf(owner),
    private: false,
    default_branch: 'main',
    topics: [],
    visibility: 'public',
    web_commit_signoff_required: false,
    is_template: false,
    allow_forking: true,
    has_discussions: false,
    custom_properties: {},
    master_branch: 'main',
  };
}
