import { userOf } from '../../domain/server/server.ts';
import { ASIDE_MANIFEST, ASIDE_PREFIX, type AsideManifest } from '../../domain/redis/remains.ts';
import { sh, fragment } from '../../domain/shell.ts';
import type { Step } from '../node/step.ts';

/** Below the data directory: the last snapshot made by redisops for a restart. */
export const SERVED = `${ASIDE_PREFIX}served`;
/** Below the data directory: files older than the memory they would have replaced. */
export const OLDER = `${ASIDE_PREFIX}older`;

/** $1 the folder, $2 the quarantine folder below it, $3 its manifest, then names below the folder. */
const MOVE = sh`
set -eu
umask 077
folder=$1 into=$2 manifest=$3
shift 3
cd -P -- "$folder"
for name; do
  [ -e "./$name" ] || continue
  [ ! -L "$into" ]
  mkdir -p -- "$into"
  printf '%s\n' "$manifest" >"$into/${ASIDE_MANIFEST}"
  if [ -d "./$name" ]; then
    # The folder itself stays: Git has its mode.
    mkdir -p -- "$into/$name"
    find "./$name" -mindepth 1 -maxdepth 1 -exec mv -fT -- '{}' "$into/{}" ';'
  else
    mv -fT -- "./$name" "$into/$name"
  fi
  sync -- "$into" .
  echo "aside $folder/$name $folder/$into"
done
`;

/**
 * A shell function that moves files out of reach of the next start, into a folder that `purge` recognizes, as the owner
 * of their folder, since links may be there. `set_aside OWNER FOLDER QUARANTINE MANIFEST NAME…`
 */
export const SET_ASIDE = fragment`
set_aside() {
  as_owner=$1
  shift
  # shellcheck disable=SC2016 # the script is for the owner’s shell to expand
  setpriv --reuid="$as_owner" --regid="$(id -g -- "$as_owner")" --init-groups --no-new-privs --inh-caps=-all -- \
    sh -c ${MOVE} set-aside "$@" </dev/null
}`;

/** Read by `purge`: the files may be deleted while the node holds at least as many keys as now. */
export function manifestFor({ node }: Step, keys: number): string {
  const manifest: AsideManifest = { version: 1, node: node.name, keys, files: [] };
  return JSON.stringify(manifest);
}

export function ownerOf({ node }: Step): string {
  return node.directories.find(({ path }) => path === node.dataDirectory)?.owner ?? userOf(node);
}
