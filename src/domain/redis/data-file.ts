import type { RedisConf } from './redis-conf.ts';
import { fragment, sh } from '../shell.ts';
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

const MAXIMUM = 200;

/**
 * $1 seconds since 1970, then folders. Runs as the redis user: it may have put links, FIFOs and damaged files there.
 * Names with line feeds are left out, as each could imitate another file.
 */
const LIST = sh`
now=$1 left=${MAXIMUM}
shift
open() { [ ! -d "$1" ] || { [ -r "$1" ] && [ -x "$1" ]; }; }
for folder; do
  open "$folder" || printf 'closed %s\n' "$folder"
  for inner in "$folder"/*/; do [ -L "\${inner%/}" ] || open "$inner" || printf 'closed %s\n' "\${inner%/}"; done
done
find -L "$@" -maxdepth 2 -type f -size +0 ! -path '*
*' -printf '%s %T@ %p\n' 2>/dev/null | while IFS= read -r line; do
  bytes=\${line%% *} line=\${line#* }
  written=\${line%%.*} file=\${line#* }
  keys=-
  case $file in
    *.aof) ;;
    *)
      [ "$(head -c 5 -- "$file" 2>/dev/null)" = REDIS ] || continue
      [ "$bytes" -gt 1024 ] || keys=$("\${NODE_SERVER:-redis}-check-rdb" "$file" 2>/dev/null | sed -n 's/.* \([0-9]*\) keys read.*/\1/p') ;;
  esac
  printf 'data %s %s %s %s %s\n' "\${keys:--}" "$bytes" "$written" "$now" "$file"
  [ "$((left -= 1))" -gt 0 ] || break
done
true
`;

/**
 * A shell function that prints the data files in the given folders and one level below: RDB files by magic, append-only
 * files by name. Files without keys count as empty; only small ones are checked. Needs `as_redis`, and
 * `$now` in seconds since 1970.
 */
export const DATA_FILES = fragment`
hold_files() {
  for folder; do
    for file in "$folder"/* "$folder"/.[!.]* "$folder"/*/* "$folder"/*/.[!.]* "$folder"/.[!.]*/*; do
      [ -f "$file" ] && [ -s "$file" ] && return 0
    done
  done
  return 1
}
data_files() {
  # Most nodes have none: then no process is started.
  hold_files "$@" || return 0
  # shellcheck disable=SC2016 # the script is for the redis user’s shell to expand
  listed=$(as_redis timeout 5 sh -c ${LIST} list "\${now%.*}" "$@")
  # Files that were not read are not absent.
  [ $? -ne 124 ] || echo 'data unread'
  printf '%s\n' "$listed"
  case $listed in closed\ *) ;; *) return 0 ;; esac
  # Redis would load them once it can enter the folder: root lists them, reads none, and follows no link of theirs.
  printf '%s\n' "$listed" | sed -n 's/^closed //p' | while IFS= read -r folder; do
    find -H "$folder" -maxdepth 2 -type f -size +0 ! -path '*
*' -printf "data - %s %Ts \${now%.*} %p\n" 2>/dev/null | head -n ${MAXIMUM}
  done
}`;

/** Parses the function’s output; ignores other lines. @throws Error if the files were too many to be read in time. */
export function parseDataFiles(stdout: string): readonly DataFile[] {
  if (/^data unread$/m.test(stdout)) throw new Error('the data files could not be read within 5 s');
  const files = stdout.split('\n').flatMap((line) => {
    const found = /^data (\d+|-) (\d+) (\d+) (\d+) (\/.*)$/.exec(line);
    if (!found) return [];
    const [, keys = '-', bytes, written, now, path = ''] = found;
    const ageSeconds = Math.max(0, Number(now) - Number(written));
    return [{ path, bytes: Number(bytes), keys: keys === '-' ? null : Number(keys), ageSeconds }];
  });
  // Folders may lie in each other.
  const byPath = new Map(files.map((file) => [file.path, file]));
  return [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
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
