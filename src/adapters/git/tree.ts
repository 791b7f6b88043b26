/** One entry of a Git tree; its path is relative to the tree’s root. */
export interface TreeEntry {
  path: string;
  kind: 'file' | 'folder' | 'link' | 'submodule';
  sha: string;
  /** In bytes; files only. */
  size: number;
}

/** A repository’s tree at one commit. */
export interface GitTree {
  /** Null if nothing is there. */
  entry(path: string): Promise<TreeEntry | null>;
  /** Direct entries of a folder (`''`: the root); empty if there is no such folder. */
  entries(folder: string): Promise<readonly TreeEntry[]>;
}

export function listedTree(all: readonly TreeEntry[]): GitTree {
  const byPath = new Map(all.map((entry) => [entry.path, entry]));
  return {
    entry: async (path) => byPath.get(path) ?? null,
    entries: async (folder) => all.filter(({ path }) => folderOf(path) === folder),
  };
}

/** Git’s file modes. */
export function kindOf(mode: string): TreeEntry['kind'] {
  if (mode === '120000') return 'link';
  if (mode === '160000') return 'submodule';
  return mode === '040000' ? 'folder' : 'file';
}

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
