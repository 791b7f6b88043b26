import { RedisopsError } from '../../domain/error.ts';
import { folderOf, kindOf, listedTree, type GitTree, type TreeEntry } from '../git/tree.ts';
import type { GitHubClient } from './client.ts';

/** Maximum number of trees read for one question. */
const MOST_TREES = 500;

/**
 * The whole tree in one request. GitHub truncates trees above 100,000 entries (or 7 MB): those are read folder by
 * folder.
 */
export async function gitTree(client: GitHubClient, commit: string): Promise<GitTree> {
  const { entries, truncated } = await treeEntries(client, commit, '', true);
  return truncated ? walkedTree(client, commit) : listedTree(entries);
}

function walkedTree(client: GitHubClient, commit: string): GitTree {
  const folders = new Map<string, Promise<readonly TreeEntry[]>>();
  const entries = (folder: string): Promise<readonly TreeEntry[]> => {
    const known = folders.get(folder);
    if (known) return known;
    const reading = readFolder(folder).catch((error: unknown) => {
      folders.delete(folder);
      throw error;
    });
    folders.set(folder, reading);
    return reading;
  };
  const readFolder = async (folder: string): Promise<readonly TreeEntry[]> => {
    const own = folder === '' ? null : await entry(folder);
    if (folder !== '' && own?.kind !== 'folder') return [];
    return (await treeEntries(client, own?.sha ?? commit, folder, false)).entries;
  };
  const entry = async (path: string): Promise<TreeEntry | null> => {
    const siblings = await entries(folderOf(path));
    return siblings.find((sibling) => sibling.path === path) ?? null;
  };
  return { entry, entries };
}

/**
 * Paths of files that differ between two trees. Skips folders with equal hashes.
 * @throws GITHUB_FAILED if more than 500 folders differ.
 */
export async function treeDifference(client: GitHubClient, one: string, other: string): Promise<readonly string[]> {
  const changed: string[] = [];
  const folders = [{ path: '', hashes: [one, other] as readonly (string | null)[] }];
  for (let read = 0; ; read += 1) {
    const next = folders.shift();
    if (!next) return changed;
    if (read === MOST_TREES)
      throw new RedisopsError('GITHUB_FAILED', `More than ${MOST_TREES} folders differ between ${one} and ${other}.`, {
        hint: 'Apply the change by hand: /redis apply.',
      });
    const [before, after] = await Promise.all(
      next.hashes.map(async (hash) =>
        hash === null ? [] : (await treeEntries(client, hash, next.path, false)).entries,
      ),
    );
    for (const [path, pair] of pairs(before ?? [], after ?? [])) {
      if (pair[0]?.sha === pair[1]?.sha && pair[0]?.kind === pair[1]?.kind) continue;
      if (pair.some((entry) => entry && entry.kind !== 'folder')) changed.push(path);
      const hashes = pair.map((entry) => (entry?.kind === 'folder' ? entry.sha : null));
      if (hashes.some((hash) => hash !== null)) folders.push({ path, hashes });
    }
  }
}

function pairs(
  before: readonly TreeEntry[],
  after: readonly TreeEntry[],
): ReadonlyMap<string, readonly (TreeEntry | undefined)[]> {
  const was = new Map(before.map((entry) => [entry.path, entry]));
  const is = new Map(after.map((entry) => [entry.path, entry]));
  return new Map([...was.keys(), ...is.keys()].map((path) => [path, [was.get(path), is.get(path)]]));
}

async function treeEntries(
  client: GitHubClient,
  hash: string,
  folder: string,
  whole: boolean,
): Promise<{ entries: readonly TreeEntry[]; truncated: boolean }> {
  const { tree, truncated } = await client.ask(`tree ${hash}`, (octokit) =>
    octokit.rest.git.getTree({ ...client.place, tree_sha: hash, ...(whole ? { recursive: '1' } : {}) }),
  );
  if (truncated && !whole)
    throw new RedisopsError('GITHUB_FAILED', `The folder ${folder === '' ? '/' : folder} is too large to read.`, {
      hint: 'GitHub lists at most 100,000 entries of a folder.',
    });
  const entries = tree.map(({ path, mode, sha, size }) => ({
    path: folder === '' ? path : `${folder}/${path}`,
    kind: kindOf(mode),
    sha,
    size: size ?? 0,
  }));
  return { entries, truncated };
}
