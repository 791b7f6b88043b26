import { DIRECTIVES } from './directives.ts';

/** Something that Redis’s persistence left below the data directory. */
export interface Remain {
  /** Below the data directory: `dump.rdb`, `appendonlydir/appendonly.aof.1.incr.aof`. */
  path: string;
  type: 'file' | 'directory' | 'other';
  bytes: number;
  /** Seconds since 1970, with their fraction, as `find` prints them. */
  modified: string;
  /** Counted by redis-check-rdb in small RDB files only; null where nobody counted. */
  keys: number | null;
}

/** Folders of this name, below a data directory, are a purge’s own. What is in them keeps its path below that. */
export const ASIDE_PREFIX = 'quarantine-redisops-';
export const ASIDE_MANIFEST = 'manifest.json';

/** Where a path below the data directory stands in a purge’s folder, and where it came from; null for any other. */
export function asideOf(path: string): { folder: string; original: string } | null {
  const [folder = '', ...rest] = path.split('/');
  return folder.startsWith(ASIDE_PREFIX) ? { folder, original: rest.join('/') } : null;
}

/** Whether the file may hold keys. An append-only file’s manifest only names others. */
export function holdsData({ path, bytes, keys }: Pick<Remain, 'path' | 'bytes' | 'keys'>): boolean {
  return bytes > 0 && keys !== 0 && !path.endsWith('.manifest');
}

/** Directives that say which files Redis’s persistence uses. */
export const PERSISTENCE_DIRECTIVES = ['save', 'dbfilename', 'appendonly', 'appenddirname', 'appendfilename'] as const;

export type PersistenceSettings = Readonly<Record<(typeof PERSISTENCE_DIRECTIVES)[number], string>>;

/** By name, as CONFIG GET or a file has them; Redis’s own defaults where they say nothing. */
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
 * Why a Redis with these settings uses the file; null where it does not. By the file’s name alone, whatever `dir` says:
 * that may be the same folder by another path.
 */
export function useOf(path: string, settings: PersistenceSettings): string | null {
  if (settings.save !== '' && path === settings.dbfilename) return `save is “${settings.save}”`;
  if (settings.appendonly !== 'yes') return null;
  const isLog = path.includes('/')
    ? path.startsWith(`${settings.appenddirname}/`)
    : path.endsWith('.aof') || path.startsWith(settings.appendfilename);
  return isLog ? 'appendonly is yes' : null;
}

/** What stands beside files that were moved aside. */
export interface AsideManifest {
  version: 1;
  node: string;
  /** What the node’s Redis held when they were moved. */
  keys: number;
  files: readonly {
    /** Where it was, below the data directory. */
    path: string;
    bytes: number;
    modified: string;
    /** Null where the folder’s owner may not read it. */
    sha256: string | null;
  }[];
}
