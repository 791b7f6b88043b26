import { posix } from 'node:path';
import { ConfigInvalid } from '../../domain/error.ts';
import { branchTips, commitsSince } from './branch.ts';
import { gitHubClient, type GitHubClient, type GitHubSettings } from './client.ts';
import { changeFile, openPullRequest, pullRequestFrom } from './pull-request.ts';
import { folderOf, gitTree, treeDifference, type GitTree, type TreeEntry } from './tree.ts';
import type { CodeHost, ConfigSource } from '../../ports/git.ts';

/** Bytes of one file; a configuration that is larger is a mistake, or an attack. */
const LARGEST_FILE = 1024 * 1024;
/** Files that GitHub names in a comparison: with so many, there may be more. */
const LARGEST_COMPARISON = 300;
/** Characters of a comment; GitHub refuses more than 65,536. */
const LONGEST_COMMENT = 65_000;
const COMMENT_PAGES = 10;

/** GitHub’s REST API as the host of the configuration repository. All methods fail with GITHUB_FAILED. */
export function gitHub(settings: GitHubSettings): CodeHost {
  const client = gitHubClient(settings);
  const base = settings.branch ?? 'main';
  return {
    at: (revision) => sourceAt(client, revision),
    head: branchTips(client),
    commitsSince: (branch, base, head) => commitsSince(client, branch, base, head),
    async isAncestor(commit, head) {
      if (commit === head) return true;
      return (await compared(client, commit, head)).merge_base_commit.sha === commit;
    },
    changedPaths: (base, head) => changedPaths(client, base, head),
    comment: (pullRequest, topic, markdown) => comment(client, pullRequest, topic, markdown),
    pullRequestFrom: (name) => pullRequestFrom(client, base, name),
    openPullRequest: (change) => openPullRequest(client, base, change),
    changePullRequest: (change) => changeFile(client, change),
  };
}

function sourceAt(client: GitHubClient, revision: string): ConfigSource {
  let reading: Promise<GitTree> | null = null;
  const tree = (): Promise<GitTree> => {
    reading ??= gitTree(client, revision).catch((error: unknown) => {
      reading = null;
      throw error;
    });
    return reading;
  };
  return {
    revision,
    async read(path) {
      const entry = await find(await tree(), cleanPath(path));
      if (!entry || entry.kind === 'folder') return null;
      if (entry.size > LARGEST_FILE) throw refused(path, `is larger than ${LARGEST_FILE / 1024} KiB`);
      const blob = await client.ask(`${path} at ${revision}`, (octokit) =>
        octokit.rest.git.getBlob({ ...client.place, file_sha: entry.sha }),
      );
      return textOf(path, Buffer.from(blob.content, blob.encoding === 'base64' ? 'base64' : 'utf8'));
    },
    async list(folder) {
      const path = cleanPath(folder);
      const entry = path === '' ? null : await find(await tree(), path);
      if (path !== '' && entry?.kind !== 'folder') return [];
      const entries = await (await tree()).entries(path);
      // Links and submodules are named, so that reading one says why it is refused.
      return entries.map((each) => posix.basename(each.path) + (each.kind === 'folder' ? '/' : ''));
    },
  };
}

/** @throws CONFIG_INVALID where the path is, or goes through, a link or a submodule: they point out of the commit. */
async function find(tree: GitTree, path: string): Promise<TreeEntry | null> {
  const entry = await tree.entry(path);
  if (entry?.kind === 'link') throw refused(path, 'is a symbolic link');
  if (entry?.kind === 'submodule') throw refused(path, 'is a submodule');
  if (!entry && path.includes('/')) await find(tree, folderOf(path));
  return entry;
}

function cleanPath(path: string): string {
  const clean = posix.normalize(path).replace(/\/$/, '');
  if (posix.isAbsolute(clean) || clean === '..' || clean.startsWith('../') || path.includes('\0'))
    throw refused(path, 'is not a path in the repository');
  return clean === '.' ? '' : clean;
}

function textOf(path: string, bytes: Buffer): string {
  if (bytes.length > LARGEST_FILE) throw refused(path, `is larger than ${LARGEST_FILE / 1024} KiB`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refused(path, 'is not a UTF-8 text');
  }
}

function refused(path: string, why: string): ConfigInvalid {
  return new ConfigInvalid([{ file: path, line: 1, column: 1, message: why }]);
}

function compared(client: GitHubClient, base: string, head: string) {
  return client.ask(`comparison ${base}...${head}`, (octokit) =>
    octokit.rest.repos.compareCommitsWithBasehead({ ...client.place, basehead: `${base}...${head}` }),
  );
}

/** Since the two parted; renamed files by both names. */
async function changedPaths(client: GitHubClient, base: string, head: string): Promise<readonly string[]> {
  const comparison = await compared(client, base, head);
  const files = comparison.files ?? [];
  if (files.length >= LARGEST_COMPARISON) return treeDifference(client, comparison.merge_base_commit.sha, head);
  const paths = files.flatMap((file) => [file.filename, ...(file.previous_filename ? [file.previous_filename] : [])]);
  return [...new Set(paths)];
}

async function comment(client: GitHubClient, pullRequest: number, topic: string, markdown: string): Promise<void> {
  const marker = `<!-- redisops:${topic.replaceAll(/[^\w.-]/g, '-')} -->`;
  const text = markdown.length > LONGEST_COMMENT ? `${markdown.slice(0, LONGEST_COMMENT)}\n\n(cut off)` : markdown;
  const body = `${marker}\n${text}`;
  const known = await ownComment(client, pullRequest, marker);
  if (known === null)
    await client.ask(`comment on #${pullRequest}`, (octokit) =>
      octokit.rest.issues.createComment({ ...client.place, issue_number: pullRequest, body }),
    );
  else
    await client.ask(`comment on #${pullRequest}`, (octokit) =>
      octokit.rest.issues.updateComment({ ...client.place, comment_id: known, body }),
    );
}

/** Anybody can write the marker: only a comment of ours is edited. */
async function ownComment(client: GitHubClient, pullRequest: number, marker: string): Promise<number | null> {
  const login = await client.login();
  for (let page = 1; page <= COMMENT_PAGES; page += 1) {
    const comments = await client.ask(`comments of #${pullRequest}`, (octokit) =>
      octokit.rest.issues.listComments({ ...client.place, issue_number: pullRequest, per_page: 100, page }),
    );
    const own = comments.find(({ user, body }) => user?.login === login && body?.startsWith(marker));
    if (own) return own.id;
    if (comments.length < 100) return null;
  }
  return null;
}
