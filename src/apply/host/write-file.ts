import { createHash } from 'node:crypto';
import type { WriteFile } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { isManaged, original } from '../../domain/file-origin.ts';
import { AS_REDIS } from '../../domain/redis/as-redis.ts';
import { RedisConf } from '../../domain/redis/redis-conf.ts';
import { SensitiveText } from '../../domain/secret.ts';
import { PATH_GUARD } from './path-guard.ts';
import { TRIAL_START, refusedByRedis } from './trial-start.ts';
import { withRedis } from '../node/redis-on.ts';
import { readState } from '../node/replication-state.ts';
import { commandFailed, maskedFor, runOrFail, saysChanged, type Step } from '../node/step.ts';
import { userOf } from '../../domain/server/server.ts';
import { sh } from '../../domain/shell.ts';

/** As the owner: $1 path, $2 group, $3 mode, $4 and $5 where to keep the replaced file, or empty; content on stdin. */
const PUT = sh`
set -eu
umask 077
cd -P -- "\${1%/*}"
name=\${1##*/}
new=$(mktemp ./.redisops-new.XXXXXX)
trap 'rm -f -- "$new"' EXIT
keep() {
  kept=$(mktemp ./.redisops-new.XXXXXX)
  cp --no-dereference --preserve=mode,timestamps -- "./$name" "$kept"
  mv "$1" -- "$kept" "./\${2##*/}"
  rm -f -- "$kept"
}
cat >"$new"
chgrp -- "$2" "$new"
chmod -- "$3" "$new"
[ -z "$5" ] || keep -nT "$5"
[ -z "$4" ] || keep -fT "$4"
sync -- "$new"
mv -fT -- "$new" "./$name"
sync -- .
`;

const STATUS = { link: 11, stale: 12, transit: 13, invalid: 14 } as const;

/**
 * $1 path, $2 owner, $3 group, $4 mode, $5 SHA-256 to replace or `absent`, $6 SHA-256 wanted, $7 user whose Redis reads
 * it or empty, $8 where to keep the replaced file for good or empty; content on stdin. Others may write in the target
 * folder (Debian: /etc/redis belongs to redis). So it is written in a folder that only root can change, on the same file
 * system, then moved into place atomically: readers see the old file or the new one. Where there is no such folder
 * (/etc/redis is a mount of its own), the file’s owner puts it in place, and root touches nothing there. A trial start
 * comes first: the node’s own server says whether it accepts the file.
 */
const SCRIPT = sh`
set -eu
umask 077
path=$1 owner=$2 group=$3 mode=$4 replaces=$5 wanted=$6 reader=$7 original=$8
# The script of a worker that was killed goes on to its end.
exec 9>>/run/redisops.write
flock -w 20 9
${PATH_GUARD}
${TRIAL_START}
guard "$path"
# A package that was installed meanwhile brings a file of its own.
is_pristine() { dpkg-query -W -f '\${Conffiles}\n' | grep -qxF " $path $(read_file "$path" | md5sum | cut -d ' ' -f 1)"; }
# Follows no link, and waits for no FIFO.
read_file() { dd if="$1" iflag=nofollow,nonblock bs=64k status=none; }
sum() { sum=$(read_file "$1" | sha256sum); sum=\${sum%% *}; }
current=absent
if [ -e "$path" ]; then sum "$path"; current=$sum; fi
if [ "$current" = "$wanted" ]; then
  is=$(stat -c '%U %G %a' -- "$path")
  [ "\${is% *} $((0\${is##* }))" = "$owner $group $((0$mode))" ] && { echo unchanged; exit 0; }
elif [ "$current" != "$replaces" ] && ! { [ "$replaces" = absent ] && is_pristine; }; then
  echo "$current" >&2
  exit ${STATUS.stale}
fi

folder=\${path%/*}
[ -d "$folder" ] || (umask 022 && mkdir -p -- "$folder")
parent=\${folder%/*}
puts=root
if all_roots "$folder"; then
  stage=$folder/.redisops-new
elif all_roots "\${parent:-/}" && [ "$(stat -c %d -- "\${parent:-/}")" = "$(stat -L -c %d -- "$folder")" ]; then
  stage=$parent/.redisops-new
elif [ "$owner" = root ]; then
  echo "$folder can be changed by others: a file of root’s is not put there" >&2
  exit ${STATUS.link}
else
  puts=$owner stage=/run/.redisops-new
fi
if [ -e "$stage" ] || [ -L "$stage" ]; then rm -rf -- "$stage"; fi
trap 'rm -rf -- "$stage"' EXIT
mkdir -m 700 -- "$stage"

cat >"$stage/new"
sum "$stage/new"
[ "$sum" = "$wanted" ] || exit ${STATUS.transit}
if [ -n "$reader" ]; then
  said=$(trial_start "$reader" "$stage/new") || { printf '%s\n' "$said" >&2; exit ${STATUS.invalid}; }
fi
keeps=
[ "$current" = absent ] || [ "$current" = "$wanted" ] || keeps=$path.redisops-previous
[ -n "$keeps" ] || original=
if [ "$puts" != root ]; then
  # shellcheck disable=SC2016 # the script is for the owner’s shell to expand
  setpriv --reuid="$puts" --regid="$(id -g -- "$puts")" --init-groups --no-new-privs --inh-caps=-all -- \
    sh -c ${PUT} put "$path" "$group" "$mode" "$keeps" "$original" <"$stage/new" 9>&-
  echo changed
  exit 0
fi
chown -- "$owner:$group" "$stage/new"
chmod -- "$mode" "$stage/new"
enter "$folder"
if [ -n "$original" ] && [ ! -e "$original" ]; then
  guard "$original"
  cp --no-dereference --preserve=mode,ownership,timestamps -- "$path" "$stage/original"
  sync -- "$stage/original"
  mv -nT -- "$stage/original" "./\${original##*/}"
fi
if [ -n "$keeps" ]; then
  cp --no-dereference --preserve=mode,ownership,timestamps -- "$path" "$stage/previous"
  mv -fT -- "$stage/previous" "./\${keeps##*/}"
fi
sync -- "$stage/new"
mv -fT -- "$stage/new" "./\${path##*/}"
sync -- .
echo changed
`;

/**
 * Replaces a configuration file atomically; the old one is kept as `.redisops-previous`.
 * @throws STALE_PLAN if the file has changed since the plan; CONFIG_INVALID if Redis rejects the new one.
 */
export async function writeFile(action: WriteFile, step: Step): Promise<boolean> {
  const { content, reader } = wantedOf(action, step);
  const wanted = createHash('sha256').update(content.reveal()).digest('hex');
  const { path, owner, group, mode, replaces } = action;
  // A file from the repository’s template does not show who wrote the one it replaces: the first of them stays.
  const keeps = action.adopts || !isManaged(content) ? original(path) : '';
  if (action.file === 'redis.conf') await refuseAnotherRole(action.replicaof, step);
  const put = (present: string | null) =>
    step.session.run(SCRIPT, {
      parameters: [path, owner, group, mode, present ?? 'absent', wanted, reader, keeps],
      input: content,
      timeoutMs: 30_000,
    });
  const first = await put(replaces);
  const rewritten = first.status === STATUS.stale && action.rewritten ? await rewrittenFile(action, step) : null;
  const result = rewritten === null ? first : await put(rewritten);
  switch (result.status) {
    case 0:
      return saysChanged(result.stdout);
    case STATUS.stale:
      throw new RedisopsError('STALE_PLAN', `${path} has changed since the plan was made.`, {
        hint: 'It was not changed. Make a new plan and read it.',
      });
    case STATUS.transit:
      throw new RedisopsError('STEP_FAILED', `${path} did not arrive complete. The old file was kept.`, {
        hint: 'The connection broke. Run again.',
      });
    case STATUS.invalid:
      throw refusedByRedis(path, content, maskedFor(step, result.stderr));
    default:
      throw commandFailed(step, `Writing ${path}`, result);
  }
}

/**
 * SHA-256 of the file as Redis rewrote it when Sentinel moved the role: it names the new role. Null if it does not. Its
 * content is kept as the previous one.
 */
async function rewrittenFile({ path, replicaof }: WriteFile, step: Step): Promise<string | null> {
  const present = Buffer.from(await runOrFail(step, `Reading ${path}`, READ, { parameters: [path] }), 'base64');
  const named = RedisConf.parse(new SensitiveText(present.toString('utf8'))).replicaof;
  if (!step.identities.isSame(named, replicaof, step.node.name)) return null;
  return createHash('sha256').update(present).digest('hex');
}

/** $1 path. */
const READ = sh`
${AS_REDIS}
as_redis base64 --wrap=0 -- "$1"
`;

/** The file must name the observed role, which may have changed since the plan. */
async function refuseAnotherRole(replicaof: WriteFile['replicaof'], step: Step): Promise<void> {
  const state = await withRedis(step, readState).catch((error: unknown) => {
    if (error instanceof RedisopsError && error.code === 'REDIS_UNREACHABLE') return null;
    throw error;
  });
  const master = state?.master ?? null;
  if (!state || step.identities.isSame(master, replicaof, step.node.name)) return;
  const said = master ? `follows ${master.host}:${master.port}` : 'is a master';
  throw new RedisopsError('STALE_PLAN', `${step.node.name} ${said}: its role has changed since the plan was made.`, {
    hint: 'Its redis.conf was not changed. Make a new plan and read it.',
  });
}

function wantedOf(action: WriteFile, { node }: Step): { content: SensitiveText; reader: string } {
  switch (action.file) {
    case 'redis.conf':
      return { content: node.redisConf.content.withRole(action.replicaof), reader: readerOf(node) };
    case 'override.conf':
      return { content: node.dropIn.content, reader: '' };
  }
}

function readerOf({ redisConf: { owner }, ...node }: DesiredNode): string {
  return owner === 'root' ? userOf(node) : owner;
}
