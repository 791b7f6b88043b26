import type { MakeDirectory } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { guardCure } from '../synchronize/cure-guard.ts';
import { PATH_GUARD } from './path-guard.ts';
import { withRedis } from '../node/redis-on.ts';
import { runOrFail, saysChanged, type Step } from '../node/step.ts';
import { sh } from '../../domain/shell.ts';

/**
 * $1 path, $2 owner, $3 group, $4 mode. The owner may be able to write in a parent and place a link: root
 * changes only the folder that it has entered, by a path without such a link.
 */
const SCRIPT = sh`
set -eu
umask 022
path=$1 owner=$2 group=$3 mode=$4
${PATH_GUARD}
guard "$path"
wanted="$owner $group $((0$mode))"
now() { printf '%s %s' "$(stat -c '%U %G' -- "$path")" $((0$(stat -c %a -- "$path"))); }
[ -d "$path" ] && [ "$(now)" = "$wanted" ] && { echo unchanged; exit 0; }
mkdir -p -- "$(dirname -- "$path")"
[ -d "$path" ] || mkdir -m 700 -- "$path"
enter "$path"
chown -- "$owner:$group" .
chmod -- "$mode" .
echo changed
`;

/** Creates a directory with its owner and mode. @throws COMMAND_FAILED, also for a link in the path. */
export async function makeDirectory(action: MakeDirectory, step: Step): Promise<boolean> {
  await guardRunning(step);
  const parameters = [action.path, action.owner, action.group, action.mode];
  return saysChanged(await runOrFail(step, `Making ${action.path}`, SCRIPT, { parameters }));
}

/** Making a directory writable lets a replica synchronize. */
async function guardRunning(step: Step): Promise<void> {
  await withRedis(step, (link) => guardCure(link, step)).catch((error: unknown) => {
    if (!(error instanceof RedisopsError) || error.code !== 'REDIS_UNREACHABLE') throw error;
  });
}
