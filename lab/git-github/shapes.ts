import { emailOf } from './git.ts';
import { asShape, type Shape } from './json.ts';
import { example } from './openapi.ts';
import { page } from './route.ts';
import {
  associationOf,
  isTried,
  type CheckRun,
  type Comment,
  type Deployment,
  type DeploymentStatus,
  type Pull,
  type Review,
  type Status,
  type World,
} from './world.ts';

/** One of GitHub’s documented examples, with this world’s values in it: other names in all of its addresses. */
function exampleFor(name: string, names: readonly (readonly [string, string])[]): Shape {
  let text = JSON.stringify(example(name));
  for (const [from, to] of names) text = text.replaceAll(from, to);
  return asShape(JSON.parse(text));
}

function ofRepository(name: string, { owner, name: repository }: World): Shape {
  return exampleFor(name, [
    ['octocat/Hello-World', `${owner}/${repository}`],
    ['octocat/example', `${owner}/${repository}`],
    ['github/hello-world', `${owner}/${repository}`],
  ]);
}

export function userOf(login: string): Shape {
  const id = Array.from(login).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
  const type = login.endsWith('[bot]') ? 'Bot' : 'User';
  return { ...exampleFor('simple-user', [['octocat', login]]), login, id, type };
}

export function commitOf(world: World, sha: string, withFiles = false): Shape {
  const { repository } = world;
  const [author = '', from = '', committer = '', under = '', date = '', tree = '', parents = '', message = ''] =
    repository.git('show', '-s', '--format=%an%x00%ae%x00%cn%x00%ce%x00%aI%x00%T%x00%P%x00%B', sha).split('\0');
  const { files: _, ...shape } = ofRepository('commit', world);
  const parent = parents.split(' ').filter(Boolean);
  const files = withFiles
    ? { files: repository.changes(parent[0] ?? EMPTY_TREE, sha).map((file) => fileOf(world, sha, file)) }
    : {};
  return {
    ...shape,
    sha,
    html_url: `https://github.com/${world.owner}/${world.name}/commit/${sha}`,
    commit: {
      ...asShape(shape['commit']),
      author: { name: author, email: from, date },
      committer: { name: committer, email: under, date },
      message,
      tree: { sha: tree, url: shape['url'] },
    },
    author: accountOf(author, from),
    committer: accountOf(committer, under),
    parents: parent.map((each) => ({ sha: each, url: shape['url'], html_url: shape['html_url'] })),
    ...files,
  };
}

/** The account that has the email; null where none does. */
function accountOf(name: string, email: string): Shape | null {
  if (email === 'noreply@github.com') return userOf('web-flow');
  return email === emailOf(name) ? userOf(name) : null;
}

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export function gitCommitOf(world: World, sha: string): Shape {
  const { commit, parents, html_url } = commitOf(world, sha);
  const { author, committer, message, tree } = asShape(commit);
  return { ...ofRepository('git-commit', world), sha, author, committer, message, tree, parents, html_url };
}

export function fileOf(world: World, sha: string, file: ReturnType<World['repository']['changes']>[number]): Shape {
  const place = `https://github.com/${world.owner}/${world.name}`;
  return {
    sha: file.blob,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${place}/blob/${sha}/${file.filename}`,
    raw_url: `${place}/raw/${sha}/${file.filename}`,
    contents_url: `${place}/contents/${file.filename}?ref=${sha}`,
    ...(file.previous === undefined ? {} : { previous_filename: file.previous }),
  };
}

function repositoryOf(world: World, owner: string, template: Shape): Shape {
  const fork = owner !== world.owner;
  return {
    ...template,
    id: fork ? 2 : 1,
    name: world.name,
    full_name: `${owner}/${world.name}`,
    owner: userOf(owner),
    fork,
    private: false,
    visibility: 'public',
    default_branch: 'main',
    html_url: `https://github.com/${owner}/${world.name}`,
  };
}

export function pullOf(world: World, pull: Pull): Shape {
  const shape = ofRepository('pull-request', world);
  const [head, base] = [asShape(shape['head']), asShape(shape['base'])];
  const files = world.repository.changes(world.repository.mergeBase(pull.base, pull.head), pull.head);
  const tried = pull.state === 'open' && isTried(world, pull);
  // A missing answer is null; the trial merge shown is the last one.
  const mergeable = tried ? pull.trial?.sha !== null : null;
  return {
    ...shape,
    ...listedFields(world, pull),
    requested_teams: [],
    requested_reviewers: [],
    assignee: null,
    assignees: [],
    labels: [],
    milestone: null,
    auto_merge: null,
    active_lock_reason: null,
    head: {
      ...head,
      label: `${pull.headOwner}:${pull.headRef}`,
      ref: pull.headRef,
      sha: pull.head,
      user: userOf(pull.headOwner),
      repo: repositoryOf(world, pull.headOwner, asShape(head['repo'])),
    },
    base: {
      ...base,
      label: `${world.owner}:${pull.baseRef}`,
      ref: pull.baseRef,
      sha: pull.base,
      user: userOf(world.owner),
      repo: repositoryOf(world, world.owner, asShape(base['repo'])),
    },
    merged: pull.merged !== null,
    merged_by: pull.merged ? userOf(pull.merged.by) : null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeable === null ? 'unknown' : mergeable ? 'clean' : 'dirty',
    comments: [...world.comments.values()].filter(({ issue }) => issue === pull.number).length,
    review_comments: 0,
    commits: world.repository.commitsBetween(pull.base, pull.head).length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

function listedFields(world: World, pull: Pull): Shape {
  const place = `${world.owner}/${world.name}`;
  return {
    id: pull.number * 100,
    number: pull.number,
    html_url: `https://github.com/${place}/pull/${pull.number}`,
    url: `https://api.github.com/repos/${place}/pulls/${pull.number}`,
    title: pull.title,
    body: pull.body,
    user: userOf(pull.author),
    author_association: associationOf(world, pull.author),
    draft: pull.draft,
    state: pull.state,
    locked: false,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.merged ? pull.closedAt : null,
    merge_commit_sha: pull.merged?.sha ?? pull.trial?.sha ?? null,
  };
}

/** Lists omit what must be computed per item. */
export function listedPullOf(world: World, pull: Pull): Shape {
  const whole = pullOf(world, pull);
  for (const name of [
    'merged',
    'mergeable',
    'rebaseable',
    'mergeable_state',
    'merged_by',
    'comments',
    'review_comments',
    'commits',
    'additions',
    'deletions',
    'changed_files',
    'maintainer_can_modify',
  ])
    delete whole[name];
  return whole;
}

export function commentOf(world: World, { id, issue, login, body, minimized, createdAt, updatedAt }: Comment): Shape {
  const place = `https://github.com/${world.owner}/${world.name}/pull/${issue}`;
  return {
    ...ofRepository('issue-comment', world),
    id,
    node_id: `IC_${id}`,
    html_url: `${place}#issuecomment-${id}`,
    body,
    user: userOf(login),
    created_at: createdAt,
    updated_at: updatedAt,
    author_association: associationOf(world, login),
    reactions: NO_REACTIONS,
    minimized: minimized === null ? null : { reason: minimized.toLowerCase() },
  };
}

export function reviewOf(world: World, { id, pull, login, state, head, submittedAt }: Review): Shape {
  const place = `https://github.com/${world.owner}/${world.name}/pull/${pull}`;
  return {
    ...ofRepository('pull-request-review', world),
    id,
    node_id: `PRR_${id}`,
    user: userOf(login),
    state,
    commit_id: head,
    html_url: `${place}#pullrequestreview-${id}`,
    submitted_at: submittedAt,
    author_association: associationOf(world, login),
  };
}

export const NO_REACTIONS: Shape = {
  url: 'https://api.github.com/reactions',
  total_count: 0,
  '+1': 0,
  '-1': 0,
  laugh: 0,
  confused: 0,
  heart: 0,
  hooray: 0,
  eyes: 0,
  rocket: 0,
};

export function checkOf(world: World, check: CheckRun): Shape {
  const shape = ofRepository('check-run-example-of-completed-conclusion', world);
  const output = asShape(shape['output']);
  return {
    ...shape,
    id: check.id,
    name: check.name,
    head_sha: check.head,
    html_url: `https://github.com/${world.owner}/${world.name}/runs/${check.id}`,
    details_url: check.detailsUrl,
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    output: {
      ...output,
      title: check.title,
      summary: check.summary,
      text: null,
      annotations_count: check.annotations.length,
    },
    pull_requests: [],
  };
}

export function statusOf(world: World, status: Status): Shape {
  return {
    ...ofRepository('status', world),
    id: status.id,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator: userOf(status.login),
  };
}

export function deploymentOf(world: World, deployment: Deployment): Shape {
  return {
    ...ofRepository('deployment-simple-example', world),
    id: deployment.id,
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    environment: deployment.environment,
    original_environment: deployment.environment,
    description: deployment.description,
    creator: userOf(deployment.login),
    created_at: deployment.createdAt,
    updated_at: deployment.createdAt,
  };
}

export function deploymentStatusOf(world: World, deployment: Deployment, status: DeploymentStatus): Shape {
  return {
    ...ofRepository('deployment-status', world),
    id: status.id,
    state: status.state,
    description: status.description,
    environment: deployment.environment,
    target_url: status.logUrl,
    log_url: status.logUrl,
    creator: userOf(deployment.login),
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

export function branchOf(world: World, name: string, sha: string): Shape {
  return { ...ofRepository('branch-get', world), name, commit: commitOf(world, sha) };
}

/** As in a list of branches. */
export function shortBranchOf(world: World, name: string): Shape {
  const sha = world.repository.resolve(`refs/heads/${name}`) ?? '';
  return { name, commit: { sha, url: `https://api.github.com/repos/acme/infra/commits/${sha}` }, protected: false };
}

/** At most 250 commits, or the asked page of them. */
export function comparisonOf(world: World, base: string, head: string, query = new URLSearchParams()): Shape {
  const { repository } = world;
  const parted = repository.mergeBase(base, head);
  const ahead = repository.commitsBetween(base, head);
  const behind = repository.commitsBetween(head, base).length;
  const status = ahead.length === 0 ? (behind === 0 ? 'identical' : 'behind') : behind === 0 ? 'ahead' : 'diverged';
  return {
    ...ofRepository('commit-comparison', world),
    base_commit: commitOf(world, base),
    merge_base_commit: commitOf(world, parted),
    status,
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: (query.has('per_page') ? page(ahead, query, 250) : ahead.slice(0, 250)).map((sha) => commitOf(world, sha)),
    // As in GitHub: the first 300, without any note.
    files: repository
      .changes(parted, head)
      .slice(0, 300)
      .map((file) => fileOf(world, head, file)),
  };
}

/** `<mode> <type> <hash> <size or ->\t<path>` */
export function treeOf(world: World, hash: string, recursive: boolean): Shape {
  const lines = world.repository.git('ls-tree', '-z', '-l', ...(recursive ? ['-r', '-t'] : []), hash).split('\0');
  const tree = lines.filter(Boolean).map((line) => {
    const [, mode = '', type = '', sha = '', size = '', path = ''] =
      /^(\d+) (\w+) (\w+)\s+(\S+)\t(.*)$/s.exec(line) ?? [];
    return {
      path,
      mode,
      type,
      sha,
      ...(size === '-' ? {} : { size: Number(size) }),
      url: `https://api.github.com/repos/${world.owner}/${world.name}/git/blobs/${sha}`,
    };
  });
  const sha = world.repository.git('rev-parse', `${hash}^{tree}`);
  return {
    sha,
    url: `https://api.github.com/repos/${world.owner}/${world.name}/git/trees/${sha}`,
    tree,
    truncated: false,
  };
}
