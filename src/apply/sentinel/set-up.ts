import type { SetUpSentinel } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { secretsOf } from '../../domain/desired.ts';
import { AS_REDIS } from '../../domain/redis/as-redis.ts';
import { settingDifferences } from '../../domain/sentinel/differences.ts';
import { SET_UP, SentinelFile } from '../../domain/sentinel/sentinel-file.ts';
import { sh } from '../../domain/shell.ts';
import { awaitCondition } from '../node/await-condition.ts';
import { lastLines, maskedFor, runOrFail, type SentinelStep } from '../node/step.ts';
import { lookAtSentinel } from './sentinel-link.ts';

const LIMIT_MS = 60_000;
const EVERY_MS = 200;

/** $1 unit, $2 file. Sentinel writes its file until it has stopped. */
const STOP = sh`
${AS_REDIS}
systemctl stop "$1" 2>/dev/null || true
[ -f "$2" ] && as_redis base64 --wrap=0 -- "$2"
true
`;

/**
 * $1 file; content on stdin. As the server’s user, whose folder it is: Sentinel will write the file in the same way, and a
 * link laid there leads nowhere that this user may not write.
 */
const WRITE = sh`
# shellcheck disable=SC2016 # the inner shell expands them
exec setpriv --reuid="\${NODE_SERVER:-redis}" --regid="\${NODE_SERVER:-redis}" --init-groups --no-new-privs --inh-caps=-all -- sh -c '
set -eu
umask 027
file=$1
[ ! -f "$file" ] || cp --no-dereference -- "$file" "$file.redisops-previous"
rm -f -- "$file.redisops-new"
cat >"$file.redisops-new"
sync -- "$file.redisops-new"
mv -fT -- "$file.redisops-new" "$file"
' write "$1"
`;

/** $1 unit. */
const START = sh`
SYSTEMCTL_SKIP_SYSV=1 systemctl enable --quiet "$1"
systemctl reset-failed "$1" 2>/dev/null
systemctl start "$1"
`;

/**
 * Writes sentinel.conf while Sentinel is stopped, and starts it: Git’s settings with what Sentinel wrote there itself, or,
 * for the first time, with nothing. Waits until it knows the replicas, and the other Sentinels that run already.
 * @throws COMMAND_FAILED with the node’s output; STEP_FAILED if it does not come to know them.
 */
export async function setUpSentinel(action: SetUpSentinel, step: SentinelStep): Promise<boolean> {
  const { sentinel } = step.node;
  const wanted = sentinel?.file.content.withMaster(action.master);
  if (!wanted) throw new RedisopsError('STALE_PLAN', 'Git asks for no Sentinel here.', { hint: 'Make a new plan.' });
  if (await isDone(action, wanted, step)) return false;
  const text = await runOrFail(step, `Stopping ${action.unit}`, STOP, { parameters: [action.unit, action.path] });
  const present = SentinelFile.decode(text, secretsOf(step.desired));
  const content = action.keepsState ? wanted.withState(present) : wanted;
  const input = content.map((text) => `${SET_UP}\n${text}`);
  await runOrFail(step, `Writing ${action.path}`, WRITE, { parameters: [action.path], input });
  await start(action, step);
  await awaitCondition(() => lookFor(action, step), {
    everyMs: EVERY_MS,
    limitMs: LIMIT_MS,
    clock: step.clock,
    stop: step.stop,
    givenUp: () => lonely(action, step),
  });
  return true;
}

/** A worker that died may have come this far. */
async function isDone({ unit, path }: SetUpSentinel, wanted: SentinelFile, step: SentinelStep): Promise<boolean> {
  const text = await runOrFail(step, `Reading ${path}`, IS_RUNNING, { parameters: [unit, path] });
  if (text.trim() === '') return false;
  const present = SentinelFile.decode(text);
  const names = new Set(present.monitors.map(({ master }) => master));
  if (!wanted.monitors.every(({ master }) => names.has(master)) || names.size > wanted.monitors.length) return false;
  if (settingDifferences(wanted, present).length > 0) return false;
  const look = await lookAtSentinel(step.node, step);
  return look !== null && look.master !== null;
}

/** $1 unit, $2 file. Prints the file of a unit that runs, and starts at boot. */
const IS_RUNNING = sh`
${AS_REDIS}
systemctl --quiet is-active "$1" && systemctl --quiet is-enabled "$1" && as_redis base64 --wrap=0 -- "$2"
true
`;

async function start({ unit }: SetUpSentinel, step: SentinelStep): Promise<void> {
  const { status, stderr } = await step.session.run(START, { parameters: [unit], timeoutMs: 90_000 });
  if (status === 0) return;
  const said = await step.session.run(JOURNAL, { parameters: [unit] });
  const why = lastLines(maskedFor(step, `${stderr}\n${said.stdout}`), 4);
  throw new RedisopsError('COMMAND_FAILED', `systemctl start ${unit} failed: ${why}`, {
    hint: 'The log names the cause. Fix it and run again.',
  });
}

/** $1 unit. */
const JOURNAL = sh`journalctl --quiet --no-pager --unit="$1" --lines=6 --output=cat`;

async function lookFor(
  { others, replicas }: SetUpSentinel,
  step: SentinelStep,
): Promise<{ done: true; value: true } | { done: false; progress: string }> {
  const look = await lookAtSentinel(step.node, step);
  const known = look?.master ? [look.master.replicas.length, look.master.peers.length] : null;
  if (known && (known[0] ?? 0) >= replicas && (known[1] ?? 0) >= others) return { done: true, value: true };
  return { done: false, progress: known?.join() ?? 'no answer' };
}

function lonely({ unit, others, replicas }: SetUpSentinel, { node }: SentinelStep): RedisopsError {
  return new RedisopsError(
    'STEP_FAILED',
    `${unit} on ${node.name} runs, but does not come to know ${replicas} replicas and ${others} other Sentinels.`,
    { hint: 'Run `redisops doctor`: it tries the ways between the Sentinels, and says what each of them sees.' },
  );
}
