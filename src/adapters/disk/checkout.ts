import { open, readdir, realpath, stat, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { ConfigInvalid, RedisopsError } from '../../domain/error.ts';
import type { ConfigSource } from '../../ports/git.ts';

const MAXIMUM_BYTES = 1024 * 1024;

/** A directory on disk. Links that lead outside are refused. */
export function checkout(folder: string): ConfigSource {
  return {
    revision: 'working tree',
    async read(path) {
      const file = await locate(folder, path);
      return file === null ? null : decode(path, await readBytes(path, file));
    },
    async list(path) {
      const found = await locate(folder, path);
      if (found === null) return [];
      const entries = await readdir(found, { withFileTypes: true }).catch(notReadable(path));
      // Lists links that lead outside too, so that reading one explains the refusal.
      const listed = entries
        .filter((entry) => entry.isFile() || entry.isSymbolicLink() || entry.isDirectory())
        .map(async (entry) => {
          const isFolder =
            entry.isDirectory() || (entry.isSymbolicLink() && (await isFolderInside(folder, path, entry)));
          return isFolder ? `${entry.name}/` : entry.name;
        });
      return Promise.all(listed);
    },
  };
}

/** Whether a link leads to a folder of the repository. */
async function isFolderInside(folder: string, path: string, { name }: { name: string }): Promise<boolean> {
  const target = await locate(folder, join(path, name)).catch(() => null);
  return (
    target !== null &&
    (await stat(target).then(
      (found) => found.isDirectory(),
      () => false,
    ))
  );
}

/** Null if nothing is there. */
async function locate(folder: string, path: string): Promise<string | null> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new RedisopsError('CONFIG_MISSING', `There is no directory ${folder}.`, {
      cause,
      hint: 'Name a checkout with --repo PATH.',
    });
  });
  const target = await realpath(resolve(root, path)).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw fileMistake(path, 'cannot be read');
  });
  if (target === null) return null;
  const inside = root.endsWith(sep) ? root : root + sep;
  if (target !== root && !target.startsWith(inside)) throw fileMistake(path, 'points outside the repository');
  return target;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** Non-blocking: a pipe without a writer would block forever. */
async function readBytes(path: string, file: string): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(notReadable(path));
  try {
    return await readWhole(path, handle);
  } finally {
    await handle.close();
  }
}

async function readWhole(path: string, handle: FileHandle): Promise<Buffer> {
  const status = await handle.stat();
  if (!status.isFile()) throw fileMistake(path, 'is not a file');
  if (status.size > MAXIMUM_BYTES) throw fileMistake(path, `is larger than the limit of ${MAXIMUM_BYTES} bytes`);
  return handle.readFile().catch(notReadable(path));
}

function decode(path: string, bytes: Buffer): string {
  try {
    // A template keeps its byte order mark, as in Ansible.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw fileMistake(path, 'is not UTF-8 text');
  }
}

function notReadable(path: string): () => never {
  return () => {
    throw fileMistake(path, 'cannot be read');
  };
}

function fileMistake(path: string, message: string): ConfigInvalid {
  return new ConfigInvalid([{ file: path, line: 1, column: 1, message }]);
}
