import { trimmedEnd } from '../text/trim.ts';
import { persistenceSettings } from './remains.ts';

/** The files loaded at a start, below `dir` (server.c, loadDataFromDisk). */
export interface StartData {
  kind: 'snapshot' | 'append-only file';
  folder: string;
  /** Below the folder. Redis 7 also loads a single append-only file of an older version if their folder is empty. */
  names: readonly string[];
}

/**
 * Who brings the file up to date before a restart: Redis itself, redisops by a save, or nobody. A stale file is older
 * than the memory it would replace: deleted keys would return.
 */
export type Upkeep = 'redis' | 'save' | 'nobody';

type Settings = ReadonlyMap<string, string>;

/** Null if `dbfilename` is empty: nothing is loaded. */
export function startData(next: Settings, directory: string): StartData | null {
  const { appendonly, appenddirname, appendfilename, dbfilename } = persistenceSettings(next);
  const written = next.get('dir') ?? directory;
  const folder = trimmedEnd(written, '/') || written.slice(0, 1);
  if (appendonly === 'yes') return { kind: 'append-only file', folder, names: [appenddirname, appendfilename] };
  return dbfilename === '' ? null : { kind: 'snapshot', folder, names: [dbfilename] };
}

/** @param sameFolder Whether `dir` stays the same. */
export function upkeepOf(running: Settings, next: Settings, sameFolder: boolean): Upkeep {
  const [now, then] = [persistenceSettings(running), persistenceSettings(next)];
  if (!sameFolder) return 'nobody';
  if (then.appendonly === 'yes') {
    const sameLog = now.appenddirname === then.appenddirname && now.appendfilename === then.appendfilename;
    return now.appendonly === 'yes' && sameLog ? 'redis' : 'nobody';
  }
  if (then.dbfilename === '' || now.dbfilename !== then.dbfilename) return 'nobody';
  return savesAtItsEnd(running) ? 'redis' : 'save';
}

/** Whether the loaded file is never updated again: the next start must not find it. */
export function growsOld(next: Settings): boolean {
  return persistenceSettings(next).appendonly !== 'yes' && !savesAtItsEnd(next);
}

/** On SIGTERM, as sent by systemd (server.c, prepareForShutdown). */
function savesAtItsEnd(settings: Settings): boolean {
  const flags = (settings.get('shutdown-on-sigterm') ?? 'default').toLowerCase().split(' ');
  if (flags.includes('nosave')) return false;
  return flags.includes('save') || persistenceSettings(settings).save !== '';
}
