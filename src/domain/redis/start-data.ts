import { persistenceSettings } from './remains.ts';

/** What a start loads, below `dir` (server.c, loadDataFromDisk). */
export interface StartData {
  kind: 'snapshot' | 'append-only file';
  folder: string;
  /** Below the folder. Redis 7 also loads the one append-only file of an older version, where the folder of them is empty. */
  names: readonly string[];
}

/**
 * Who brings that up to date before a restart: Redis itself, redisops with a save, or nobody. What nobody brings up to
 * date is older than the memory it would replace: deleted keys would come back.
 */
export type Upkeep = 'redis' | 'save' | 'nobody';

type Settings = ReadonlyMap<string, string>;

/** Null where `dbfilename` is empty: nothing is loaded then. */
export function startData(next: Settings, directory: string): StartData | null {
  const { appendonly, appenddirname, appendfilename, dbfilename } = persistenceSettings(next);
  const folder = (next.get('dir') ?? directory).replace(/(?<=.)\/+$/, '');
  if (appendonly === 'yes') return { kind: 'append-only file', folder, names: [appenddirname, appendfilename] };
  return dbfilename === '' ? null : { kind: 'snapshot', folder, names: [dbfilename] };
}

/** @param sameFolder Whether `dir` stays the folder that it is. */
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

/** Whether nobody keeps the loaded file up to date from then on: it must not be there for the next start. */
export function growsOld(next: Settings): boolean {
  return persistenceSettings(next).appendonly !== 'yes' && !savesAtItsEnd(next);
}

/** By SIGTERM, which is how systemd stops it (server.c, prepareForShutdown). */
function savesAtItsEnd(settings: Settings): boolean {
  const flags = (settings.get('shutdown-on-sigterm') ?? 'default').toLowerCase().split(' ');
  if (flags.includes('nosave')) return false;
  return flags.includes('save') || persistenceSettings(settings).save !== '';
}
