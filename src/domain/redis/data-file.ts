import type { RedisConf } from './redis-conf.ts';
import { fragment } from '../shell.ts';
import { age, bytes } from '../text/figures.ts';
import { startData } from './start-data.ts';

/** A file from which Redis could load its data. */
export interface DataFile {
  path: string;
  bytes: number;
  /** Counted by redis-check-rdb in small RDB files only; null if not counted. */
  keys: number | null;
  /** Seconds since the last write, by the node’s clock. */
  ageSeconds: number;
}

/**
 * A shell function that prints the data files in the given folders and one level below: RDB files by magic, append-only
 * files by name. Files without keys count as empty; only small ones are checked.
 */
export const DATA_FILES = fragment`
data_files() {
  files_now=$(date +%s)
  find -L "$@" -maxdepth 2 -type f -size +0 2>/dev/null | sort -u | head -n 200 | while IFS= read -r file; do
    keys=-
    if [ "$(head -c 5 -- "$file" 2>/dev/null)" = REDIS ]; then
      bytes=$(stat -L -c %s -- "$file")
      [ "$bytes" -le 1024 ] && keys=$(redis-check-rdb "$file" 2>/dev/null | sed -n 's/.* \([0-9]*\) keys read.*/\1/p')
    else
      case $file in *.aof) ;; *) continue ;; esac
    fi
    [ -n "$keys" ] || keys=-
    stat -L -c "data $keys %s %Y $files_now %n" -- "$file" 2>/dev/null
  done
  true
}`;

/** Parses the function’s output; ignores other lines. */
export function parseDataFiles(stdout: string): readonly DataFile[] {
  return stdout.split('\n').flatMap((line) => {
    const found = /^data (\d+|-) (\d+) (\d+) (\d+) (\/.*)$/.exec(line);
    if (!found) return [];
    const [, keys = '-', bytes, written, now, path = ''] = found;
    const ageSeconds = Math.max(0, Number(now) - Number(written));
    return [{ path, bytes: Number(bytes), keys: keys === '-' ? null : Number(keys), ageSeconds }];
  });
}

/** Files that may hold keys and that a start with these settings loads. */
export function loadedFiles(
  conf: Pick<RedisConf, 'values'>,
  directory: string,
  files: readonly DataFile[],
): readonly DataFile[] {
  const data = startData(conf.values, directory);
  const isLoaded = (path: string): boolean =>
    data?.names.some((name) => {
      const own = `${data.folder}/${name}`;
      return path === own || (data.kind === 'append-only file' && path.startsWith(`${own}/`));
    }) === true;
  return files.filter(({ path, keys }) => keys !== 0 && isLoaded(path));
}

/** `/data/redis/dump.rdb (1.2 KiB, 3 days old)`. */
export function saidOf(files: readonly DataFile[]): string {
  return files
    .map(({ path, bytes: size, ageSeconds }) => `${path} (${bytes(size)}, ${age(ageSeconds)} old)`)
    .join(', ');
}
