import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { ConfigInvalid, RedisopsError } from '../domain/error.ts';
import type { ConfigSource } from '../ports.ts';

const MAXIMUM_BYTES = 1024 * 1024;

/** A directory as it stands on disk. Links that lead out of it are refused. */
export function checkout(folder: string): ConfigSource {
  return {
    revision: 'working tree',
    async read(path) {
      const file = await locate(folder, path);
      if (file === null) return null;
      const { size } = await stat(file);
      if (size > MAXIMUM_BYTES) throw refused(path, `is larger than ${MAXIMUM_BYTES} bytes`);
      return decode(path, await readFile(file));
    },
    async list(path) {
      const found = await locate(folder, path);
      if (found === null) return [];
      const entries = await readdir(found, { withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    },
  };
}

/** Null where there is nothing. */
async function locate(folder: string, path: string): Promise<string | null> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new RedisopsError('CONFIG_MISSING', `There is no directory ${folder}.`, {
      cause,
      hint: 'Name a checkout with --repo PATH.',
    });
  });
  const target = await realpath(resolve(root, path)).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw refused(path, 'cannot be read');
  });
  if (target === null) return null;
  if (target !== root && !target.startsWith(root + sep)) throw refused(path, 'leads out of the repository');
  return target;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refused(path, 'is not UTF-8 text');
  }
}

function refused(path: string, message: string): ConfigInvalid {
  return new ConfigInvalid([{ file: path, line: 1, column: 1, message }]);
}
