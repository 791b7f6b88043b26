import type { RedisConf } from './redis-conf.ts';
import { fragment } from '../shell.ts';
import { age, bytes } from '../text/figures.ts';
import { startData } from './start-data.ts';

/** A file that Redis could load its data from. */
export interface DataFile {
  path: string;
  bytes: number;
  /** Counted by redis-check-rdb in small RDB files only; null where nobody counted. */
  keys: number | null;
  /** Since it was last written, by the node’s clock. */
  ageSeconds: number;
}

/**
 * A shell function that prints the data files in the folders of its arguments and one level below: RDB files by their
 * magic, append-only files by their name. Without a key in it a file holds nothing, and only a small one can be so.
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

/** What the function above printed; other lines are left out. */
export function parseDataFiles(stdout: string): readonly DataFile[] {
  return stdout.split('\n').flatMap((line) => {
    const found = /^data (\d+|-) (\d+) (\d+) (\d+) (\/.*)$/.exec(line);
    if (!found) return [];
    const [, keys = '-', bytes, written, now, path = ''] = found;
    const ageSeconds = Math.max(0, Number(now) - Number(written));
    return [{ path, bytes: Number(bytes), keys: keys === '-' ? null : Number(keys), ageSeconds }];
  });
}

/** Those that hold keys, as far as anybody knows, and that a start with these settings loads. */
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
