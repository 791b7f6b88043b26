import type { RedisConf } from './redis-conf.ts';
import { fragment } from '../shell.ts';

/** A file that Redis could load its data from. */
export interface DataFile {
  path: string;
  bytes: number;
  /** Counted by redis-check-rdb in small RDB files only; null where nobody counted. */
  keys: number | null;
}

/**
 * A shell function that prints the data files in the folders of its arguments and one level below: RDB files by their
 * magic, append-only files by their name. Without a key in it a file holds nothing, and only a small one can be so.
 */
export const DATA_FILES = fragment`
data_files() {
  find -L "$@" -maxdepth 2 -type f -size +0 2>/dev/null | sort -u | head -n 200 | while IFS= read -r file; do
    keys=-
    if [ "$(head -c 5 -- "$file" 2>/dev/null)" = REDIS ]; then
      bytes=$(stat -L -c %s -- "$file")
      [ "$bytes" -le 1024 ] && keys=$(redis-check-rdb "$file" 2>/dev/null | sed -n 's/.* \([0-9]*\) keys read.*/\1/p')
    else
      case $file in *.aof) ;; *) continue ;; esac
    fi
    [ -n "$keys" ] || keys=-
    stat -L -c "data $keys %s %n" -- "$file" 2>/dev/null
  done
  true
}`;

/** What the function above printed; other lines are left out. */
export function parseDataFiles(stdout: string): readonly DataFile[] {
  return stdout.split('\n').flatMap((line) => {
    const found = /^data (\d+|-) (\d+) (\/.*)$/.exec(line);
    if (!found) return [];
    const [, keys = '-', bytes, path = ''] = found;
    return [{ path, bytes: Number(bytes), keys: keys === '-' ? null : Number(keys) }];
  });
}

/** Those that hold keys, as far as anybody knows, and that a start with these settings loads (server.c, loadDataFromDisk). */
export function loadedFiles(
  conf: Pick<RedisConf, 'get'>,
  directory: string,
  files: readonly DataFile[],
): readonly DataFile[] {
  const folder = (conf.get('dir') ?? directory).replace(/\/$/, '');
  const snapshot = `${folder}/${conf.get('dbfilename') || 'dump.rdb'}`;
  const log = `${folder}/${conf.get('appenddirname') || 'appendonlydir'}/`;
  const appendsOnly = conf.get('appendonly')?.toLowerCase() === 'yes';
  return files.filter(({ path, keys }) => keys !== 0 && (appendsOnly ? path.startsWith(log) : path === snapshot));
}
