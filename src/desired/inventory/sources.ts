import { posix } from 'node:path';
import type { ParsedSource } from '../source/parsed-source.ts';
import type { Problems } from '../source/problems.ts';

/** What stands behind one `-i`: a file, or a folder of them. */
export interface InventorySource {
  /** Where Ansible looks for `group_vars` and `host_vars`. */
  folder: string;
  files: readonly string[];
}

/** Skipped in a folder (`IGNORED` in ansible/inventory/manager.py, with the defaults of INVENTORY_IGNORE_EXTS). */
const IGNORED =
  /^(?:\..*|(?:group|host)_vars|vars_plugins)$|(?:\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|ini|cfg|retry)|~)$/;
const MOST_FILES = 100;
const DEEPEST = 5;

/** Null if nothing is there. */
export async function sourceAt(
  path: string,
  source: ParsedSource,
  problems: Problems,
): Promise<InventorySource | null> {
  const folder = posix.dirname(path);
  const names = await source.names(folder === '.' ? '' : folder);
  if (!names.has(`${posix.basename(path)}/`)) return names.has(posix.basename(path)) ? { folder, files: [path] } : null;
  const files = await filesIn(path, source, 1, { folders: 0 });
  const at = { file: path, line: 1, column: 1 };
  if (files.length > MOST_FILES) problems.add(at, `has more than ${MOST_FILES} files`);
  if (files.length === 0) problems.add(at, 'has no inventory files');
  return { folder: path, files: files.slice(0, MOST_FILES) };
}

/** In Ansible’s order: by name, files and folders together. */
async function filesIn(
  folder: string,
  source: ParsedSource,
  depth: number,
  walk: { folders: number },
): Promise<readonly string[]> {
  walk.folders += 1;
  const files: string[] = [];
  const names = [...(await source.names(folder))].filter((name) => !IGNORED.test(name.replace(/\/$/, '')));
  for (const name of names.toSorted((a, b) => (a < b ? -1 : 1))) {
    const path = posix.join(folder, name.replace(/\/$/, ''));
    if (!name.endsWith('/')) files.push(path);
    else if (depth < DEEPEST && walk.folders < MOST_FILES)
      files.push(...(await filesIn(path, source, depth + 1, walk)));
    if (files.length > MOST_FILES) break;
  }
  return files;
}
