const FOLDER = '/var/log/redis';

/**
 * What is wrong with a `logfile` (`must be …`); null if valid. redisops shows the end of the log to people, and the
 * unit’s sandbox lets Redis write nowhere else.
 * @param path Absolute, without `.` and `..`, or empty for the journal.
 * @param folder The data directory.
 */
export function logFileMistake(path: string, folder: string): string | null {
  if (path === '' || isFileUnder(FOLDER, path) || isFileUnder(folder, path)) return null;
  return `must be "" (the journal), or a file under ${FOLDER} or ${folder}`;
}

function isFileUnder(folder: string, path: string): boolean {
  return path.startsWith(`${folder}/`) && !path.endsWith('/');
}
