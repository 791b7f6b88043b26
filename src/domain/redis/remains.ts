import { DIRECTIVES } from './directives.ts';

/** A file left by Redis persistence below the data directory. */
export interface Remain {
  /** Below the data directory: `dump.rdb`, `appendonlydir/appendonly.aof.1.incr.aof`. */
  path: string;
  type: 'file' | 'directory' | 'other';
  bytes: number;
  /** Seconds since 1970, with fraction, as printed by `find`. */
  modified: string;
  /** Counted by redis-check-rdb in small RDB files only; null if not counted. */
  keys: number | null;
}

/** Folders with this prefix below a data directory belong to a purge. Files keep their relative path inside. */
export const ASIDE_PREFIX = 'quarantine-redisops-';
export const ASIDE_MANIFEST = 'manifest.json';

/** A path in a purge’s folder, split into folder and original path; null for any other. */
export function asideOf(path: string): { folder: string; original: string } | null {
  const [folder = '', ...rest] = path.split('/');
  return folder.startsWith(ASIDE_PREFIX) ? { folder, original: rest.join('/') } : null;
}

/** Whether the file may hold keys. An append-only file’s manifest only lists other files. */
export function holdsData({ path, bytes, keys }: Pick<Remain, 'path' | 'bytes' | 'keys'>): boolean {
  return bytes > 0 && keys !== 0 && !path.endsWith('.manifest');
}

/** Directives that determine the files used by persistence. */
export const PERSISTENCE_DIRECTIVES = ['save', 'dbfilename', 'appendonly', 'appenddirname', 'appendfilename'] as const;

export type PersistenceSettings = Readonly<Record<(typeof PERSISTENCE_DIRECTIVES)[number], string>>;

/** By name, from CONFIG GET or a file; missing ones have Redis’s defaults. */
export function persistenceSettings(values: ReadonlyMap<string, string>): PersistenceSettings {
  const of = (name: (typeof PERSISTENCE_DIRECTIVES)[number]) => values.get(name) ?? DIRECTIVES[name]?.default ?? '';
  return {
    save: of('save'),
    dbfilename: of('dbfilename'),
    appendonly: of('appendonly').toLowerCase(),
    appenddirname: of('appenddirname'),
    appendfilename: of('appendfilename'),
  };
}

export function keepsData({ save, appendonly }: PersistenceSettings): boolean {
  return save !== '' || appendonly === 'yes';
}

/**
 * Why a Redis with these settings uses the file; null if it does not. Compares file names only: `dir` may be the same
 * folder by another path.
 */
export function useOf(path: string, settings: PersistenceSettings): string | null {
  if (settings.save !== '' && path === settings.dbfilename) return `save is “${settings.save}”`;
  if (settings.appendonly !== 'yes') return null;
  const isLog = path.includes('/')
    ? path.startsWith(`${settings.appenddirname}/`)
    : path.endsWith('.aof') || path.startsWith(settings.appendfilename);
  return isLog ? 'appendonly is yes' : null;
}

/** Stored beside files that were moved aside. */
export interface AsideManifest {
  version: 1;
  node: string;
  /** Number of keys in the node’s Redis when the files were moved. */
  keys: number;
  files: readonly {
    /** The original path below the data directory. */
    path: string;
    bytes: number;
    modified: string;
    /** Null if the folder’s owner may not read the file. */
    sha256: string | null;
  }[];
}
