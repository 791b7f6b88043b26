import { placeOf, serverOf } from '../../domain/server/server.ts';
import type { AsideFile } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { commandFailed, lastLines, maskedFor, type Step } from '../node/step.ts';
import { bash, fragment, sh, type Script } from '../../domain/shell.ts';

const STATUS = { changed: 12, open: 13 } as const;

/** Bytes per second for a slow disk: files are read in full for their hashes. */
const SLOW_DISK = 20_000_000;
const LEAST_MS = 30_000;

/** Functions for the scripts below. $1 files open in Redis. `next` reads a file and its planned state. */
const FUNCTIONS = fragment`
set -eu
umask 077
open=$1
shift
next() { IFS= read -r -d '' file && IFS= read -r -d '' seen; }
now() { find "./$1" -maxdepth 0 -printf '%y %s %T@' 2>/dev/null || true; }
refuse() { printf '%s' "$2" >&2; exit "$1"; }
must_be_as_seen() {
  [ "$(now "$1")" = "f $seen" ] || refuse ${STATUS.changed} "$1"
  case $open in *" $(find "./$1" -maxdepth 0 -printf '%D:%i') "*) refuse ${STATUS.open} "$1" ;; esac
}
`;

/** Prints the SHA-256 of each file; `-` for one that its folder’s owner may not read. */
export const HASH_SCRIPT = asOwner(bash`
${FUNCTIONS}
while next; do
  must_be_as_seen "$file"
  sum=$(sha256sum <"./$file") || sum=-
  printf '%s\n' "\${sum%% *}"
done
`);

/**
 * $1 the folder; the input begins with the manifest. The manifest is on disk before the first file is moved: a folder
 * without it is not recognized as a purge’s.
 */
export const MOVE_SCRIPT = asOwner(bash`
${FUNCTIONS}
folder=$1
IFS= read -r -d '' manifest
[ ! -L "$folder" ] || refuse ${STATUS.changed} "$folder"
mkdir -p -- "$folder"
printf '%s\n' "$manifest" >"$folder/manifest.json.new"
sync -- "$folder/manifest.json.new"
mv -fT -- "$folder/manifest.json.new" "$folder/manifest.json"
sync -- "$folder" .
while next; do
  must_be_as_seen "$file"
  mkdir -p -- "$(dirname -- "$folder/$file")"
  mv -nT -- "./$file" "$folder/$file"
  [ ! -e "./$file" ] || refuse ${STATUS.changed} "$folder/$file"
done
sync -f -- "$folder"
echo changed
`);

/** $1 files open in Redis, then folders. Prints each manifest, terminated by NUL. */
export const MANIFEST_SCRIPT = asOwner(bash`
set -eu
shift
for folder; do
  [ ! -f "$folder/manifest.json" ] || head -c 1000000 -- "$folder/manifest.json"
  printf '\0'
done
`);

/** $@ folders; files on stdin, including those already deleted by a dead worker. */
export const DELETE_SCRIPT = asOwner(bash`
${FUNCTIONS}
while next; do
  [ -e "./$file" ] || [ -L "./$file" ] || continue
  must_be_as_seen "$file"
  rm -f -- "./$file"
done
for folder; do
  if [ ! -d "$folder" ] || [ -L "$folder" ]; then continue; fi
  left=$(find "./$folder" ! -type d ! -path "./$folder/manifest.json" ! -path "./$folder/manifest.json.new" -printf x)
  [ -z "$left" ] || continue
  find "./$folder" -depth -type d ! -path "./$folder" -empty -delete
  rm -f -- "$folder/manifest.json" "$folder/manifest.json.new"
  rmdir -- "$folder"
done
sync -- .
echo changed
`);

/**
 * Runs the script in the data directory ($1) as its owner ($2), with the following parameters. Redis, or an intruder in
 * it, may place links anywhere in its folder: with only the owner’s rights no link leads further. Only root can see
 * which files the Redis processes have open.
 */
function asOwner(script: Script): Script {
  return sh`
set -eu
directory=$1 owner=$2
shift 2
# The script of a worker that was killed goes on to its end.
exec 9>>/run/redisops.write
flock -w 20 9
open=
for process in /proc/[0-9]*; do
  { read -r name <"$process/comm"; } 2>/dev/null || continue
  case $name in
    redis-*) open="$open $(find -L "$process/fd" -mindepth 1 -maxdepth 1 -type f -printf '%D:%i ' 2>/dev/null || true)" ;;
  esac
done
cd -P -- "$directory"
# shellcheck disable=SC2016 # the script is for the owner’s shell to expand
exec setpriv --reuid="$owner" --regid="$(id -g -- "$owner")" --init-groups --no-new-privs --inh-caps=-all -- \
  ${script.interpreter} -c ${script} redisops " $open " "$@"
`;
}

export interface AsideScript {
  what: string;
  script: Script;
  directory: string;
  parameters?: readonly string[];
  /** Precedes the files in the script’s input. */
  before?: string;
  files?: readonly { path: string; bytes: number; modified: string }[];
}

/**
 * Runs a script on files of the data directory, as its owner.
 * @throws STALE_PLAN for a file that has changed, or that Redis has open; COMMAND_FAILED.
 */
export async function runAside(
  step: Step,
  { what, script, directory, parameters = [], before, files = [] }: AsideScript,
): Promise<string> {
  const owner =
    step.node.directories.find(({ path }) => path === directory)?.owner ?? placeOf(serverOf(step.node)).user;
  const fields = files.flatMap(({ path, bytes, modified }) => [path, `${bytes} ${modified}`]);
  const result = await step.session.run(script, {
    parameters: [directory, owner, ...parameters],
    input: [...(before === undefined ? [] : [before]), ...fields].map((field) => `${field}\0`).join(''),
    timeoutMs: LEAST_MS + Math.ceil((sizeOf(files) / SLOW_DISK) * 1000),
  });
  if (result.status === 0) return result.stdout;
  const file = lastLines(maskedFor(step, result.stderr), 4);
  if (result.status === STATUS.changed) throw stale(`${file} has changed since the plan was made.`);
  if (result.status === STATUS.open) throw stale(`Redis on ${step.node.name} has ${file} open.`);
  throw commandFailed(step, what, result);
}

export function sizeOf(files: readonly Pick<AsideFile, 'bytes'>[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function stale(message: string): RedisopsError {
  return new RedisopsError('STALE_PLAN', message, {
    hint: 'It was not moved. Make a new plan and read it.',
  });
}
