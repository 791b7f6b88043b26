import { posix } from 'node:path';
import { ConfigInvalid } from '../../domain/error.ts';
import type { ConfigSource } from '../../ports/git.ts';
import { folderOf, type GitTree, type TreeEntry } from './tree.ts';

/** Maximum bytes of a file; a larger one is a mistake or an attack. */
const LARGEST_FILE = 1024 * 1024;

/** Access to a repository’s objects. */
export interface GitObjects {
  tree(): Promise<GitTree>;
  blob(sha: string, path: string): Promise<Buffer>;
}

/** The repository at one commit. Reads the tree once, files on demand. */
export function commitSource(revision: string, objects: GitObjects): ConfigSource {
  let reading: Promise<GitTree> | null = null;
  const tree = (): Promise<GitTree> => {
    reading ??= objects.tree().catch((error: unknown) => {
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
      if (entry.size > LARGEST_FILE) throw fileMistake(path, `is larger than ${LARGEST_FILE / 1024} KiB`);
      return textOf(path, await objects.blob(entry.sha, path));
    },
    async list(folder) {
      const path = cleanPath(folder);
      const entry = path === '' ? null : await find(await tree(), path);
      if (path !== '' && entry?.kind !== 'folder') return [];
      const entries = await (await tree()).entries(path);
      // Lists links and submodules too, so that reading one explains the refusal.
      return entries.map((each) => posix.basename(each.path) + (each.kind === 'folder' ? '/' : ''));
    },
  };
}

/** @throws CONFIG_INVALID if the path is, or passes through, a link or a submodule: they point outside the commit. */
async function find(tree: GitTree, path: string): Promise<TreeEntry | null> {
  const entry = await tree.entry(path);
  if (entry?.kind === 'link') throw fileMistake(path, 'is a symbolic link');
  if (entry?.kind === 'submodule') throw fileMistake(path, 'is a submodule');
  if (!entry && path.includes('/')) await find(tree, folderOf(path));
  return entry;
}

function cleanPath(path: string): string {
  const clean = posix.normalize(path).replace(/\/$/, '');
  if (posix.isAbsolute(clean) || clean === '..' || clean.startsWith('../') || path.includes('\0'))
    throw fileMistake(path, 'is not a path in the repository');
  return clean === '.' ? '' : clean;
}

function textOf(path: string, bytes: Buffer): string {
  if (bytes.length > LARGEST_FILE) throw fileMistake(path, `is larger than ${LARGEST_FILE / 1024} KiB`);
  try {
    // A template keeps its byte order mark, as in Ansible.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw fileMistake(path, 'is not a UTF-8 text');
  }
}

function fileMistake(path: string, why: string): ConfigInvalid {
  return new ConfigInvalid([{ file: path, line: 1, column: 1, message: why }]);
}
