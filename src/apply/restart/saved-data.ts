import { createHash } from 'node:crypto';
import type { HeldData } from '../../domain/action.ts';
import { AS_REDIS } from '../../domain/redis/as-redis.ts';
import { RedisopsError } from '../../domain/error.ts';
import { hasNearlyAll } from '../../domain/replication/in-sync.ts';
import { timeSpanMs } from '../../domain/unit/time-span.ts';
import { persistenceSettings } from '../../domain/redis/remains.ts';
import { awaitRewrite } from './await-rewrite.ts';
import { isSameFolder } from './fresh-start.ts';
import { readSettings } from '../node/redis-on.ts';
import { readState } from '../node/replication-state.ts';
import { awaitSave, persistence } from './save.ts';
import { lastLines, maskedFor, type Step } from '../node/step.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import { sh } from '../../domain/shell.ts';

type Kept = NonNullable<HeldData['kept']>;

export interface Saved {
  path: string;
  tookMs: number;
}

/** Bytes per second that even a slow disk reads. */
const SLOW_DISK = 20_000_000;
const LEAST_MS = 60_000;
/** Redis’s default wait for lagging replicas at its stop (shutdown-timeout), plus a margin. Seconds. */
const STOP_MARGIN = 15;

/**
 * $1 kind, $2 the file, $3 redis.conf, $4 its expected SHA-256, $5 the unit, $6 earliest time (seconds since 1970).
 * Runs as the redis user, because links in its folder may lead anywhere. An append-only file may end in the middle of a
 * command while it is being written.
 */
const READ_BACK = sh`
set -eu
${AS_REDIS}
how=$1 file=$2 conf=$3 wanted=$4 unit=$5 since=$6
refuse() { echo "$1" >&2; exit 12; }
[ "$(as_redis sha256sum -- "$conf" | cut -d ' ' -f 1)" = "$wanted" ] || refuse "$conf is not as Git asks"
# shellcheck disable=SC2046 # two words
set -- $(as_redis stat -c '%s %Y' -- "$file") || true
[ $# = 2 ] || refuse "$file is not there"
bytes=$1
[ "$how" != snapshot ] || [ "$2" -ge "$since" ] || refuse "$file was not written now"
echo "bytes $bytes"
echo "free $(df --output=avail -B1 -- "$(dirname -- "$file")" | tail -n 1)"
echo "stop $(systemctl show --property TimeoutStopUSec --value "$unit")"
if [ "$how" = snapshot ]; then
  said=$(as_redis "\${NODE_SERVER:-redis}-check-rdb" "$file") || refuse "\${NODE_SERVER:-redis}-check-rdb: $(printf '%s' "$said" | tail -n 3)"
  echo "keys $(printf '%s\n' "$said" | sed -n 's/.* \([0-9]*\) keys read.*/\1/p' | head -n 1)"
  exit 0
fi
for _ in 1 2 3 4 5; do
  said=$(as_redis "\${NODE_SERVER:-redis}-check-aof" "$file") && exit 0
  sleep 0.2
done
refuse "\${NODE_SERVER:-redis}-check-aof: $(printf '%s' "$said" | tail -n 3)"
`;

/**
 * Has Redis save its data, and proves that a start with the new settings loads it: redis.conf matches Git and names the
 * file just written, and Redis’s own checker can read that file.
 * @throws MASTER_RESTART_HOLDS_DATA if that cannot be proved; nothing has been restarted then.
 */
export async function saveAndReadBack(kept: Kept, link: RedisLink, step: Step): Promise<Saved> {
  const path = await fileOf(kept, link, step);
  const before = await readState(link);
  const now = await link.command('TIME');
  const startedAt = step.clock.elapsed();
  await save(kept, link, step);
  const tookMs = step.clock.elapsed() - startedAt;
  const after = await readState(link);
  step.progress({ message: `saved to ${path}; verifying it` });
  const found = await readBack(
    kept,
    { path, since: String(Array.isArray(now) ? now[0] : 0), memory: after.usedMemoryBytes },
    step,
  );
  if (kept === 'snapshot' && !hasNearlyAll(found.keys, Math.min(before.keys, after.keys)))
    throw mayNotSurvive(step, `${path} holds ${found.keys} keys, and Redis ${after.keys}`);
  // The final snapshot is written beside this one before it replaces it.
  if (kept === 'snapshot' && found.freeBytes < found.bytes * 1.2)
    throw mayNotSurvive(step, `the disk has ${found.freeBytes} bytes left, and ${path} has ${found.bytes}`);
  if (found.stopSeconds < STOP_MARGIN + (tookMs / 1000) * 3)
    throw mayNotSurvive(step, `the save may take longer than the unit allows (TimeoutStopSec ${found.stopSeconds} s)`);
  const count = kept === 'snapshot' ? `${found.keys} keys` : `${found.bytes} bytes of manifest`;
  step.progress({ message: `${path} verified: ${count}` });
  return { path, tookMs };
}

/** The file the running Redis saves to, which must be the one the next start loads. */
async function fileOf(kept: Kept, link: RedisLink, step: Step): Promise<string> {
  const { redisConf, dataDirectory } = step.node;
  const wanted = redisConf.content.values;
  const next = persistenceSettings(wanted);
  const places = ['dir', 'dbfilename', 'appendonly', 'appenddirname', 'appendfilename'];
  const settings = await readSettings(link, ...places);
  const running = (name: string): string => settings.get(name) ?? '';
  const folder = wanted.get('dir') ?? dataDirectory;
  const same =
    (await isSameFolder(running('dir'), folder, step)) &&
    running('appendonly') === next.appendonly &&
    (next.appendonly === 'yes') === (kept === 'append-only file') &&
    (kept === 'snapshot'
      ? running('dbfilename') === next.dbfilename
      : running('appenddirname') === next.appenddirname && running('appendfilename') === next.appendfilename);
  if (!same) throw mayNotSurvive(step, 'it saves to a different file than its new settings load');
  if (kept === 'snapshot') return `${folder}/${next.dbfilename}`;
  return `${folder}/${next.appenddirname}/${next.appendfilename}.manifest`;
}

async function save(kept: Kept, link: RedisLink, step: Step): Promise<void> {
  await awaitRewrite(step);
  if (kept === 'snapshot') {
    // A running save may have begun before the last writes: wait for it, then save again.
    if ((await persistence(link)).flag('rdb_bgsave_in_progress')) await awaitSave(link, step);
    await link.command('BGSAVE');
    return awaitSave(link, step).catch((error: unknown) => {
      throw error instanceof RedisopsError && error.code === 'STEP_FAILED'
        ? mayNotSurvive(step, 'the save failed')
        : error;
    });
  }
  if ((await persistence(link)).flag('rdb_bgsave_in_progress')) await awaitSave(link, step).catch(() => {});
  await link.command('BGREWRITEAOF');
  await awaitRewrite(step);
  const state = await persistence(link);
  if (state.text('aof_last_bgrewrite_status') !== 'ok' || state.text('aof_last_write_status') !== 'ok')
    throw mayNotSurvive(step, 'its append-only file cannot be written');
}

interface ReadBack {
  bytes: number;
  keys: number;
  freeBytes: number;
  /** systemd’s timeout for the stop. */
  stopSeconds: number;
}

async function readBack(
  kept: Kept,
  file: { path: string; since: string; memory: number },
  step: Step,
): Promise<ReadBack> {
  const { redisConf, unit } = step.node;
  const wanted = createHash('sha256').update(redisConf.content.withRole(null).reveal()).digest('hex');
  const { status, stdout, stderr } = await step.session.run(READ_BACK, {
    parameters: [kept, file.path, redisConf.path, wanted, unit, file.since],
    timeoutMs: LEAST_MS + Math.ceil((file.memory / SLOW_DISK) * 1000),
  });
  if (status !== 0) throw mayNotSurvive(step, lastLines(maskedFor(step, stderr), 3));
  const of = (name: string) => new RegExp(`^${name} +(.*)$`, 'm').exec(stdout)?.[1]?.trim() ?? '';
  return {
    bytes: Number(of('bytes')),
    keys: Number(of('keys')),
    freeBytes: Number(of('free')),
    stopSeconds: secondsOf(of('stop')),
  };
}

/** A stop timeout as systemctl shows it; 0 if it cannot be read. */
export function secondsOf(text: string): number {
  return text === 'infinity' ? Infinity : (timeSpanMs(text) ?? 0) / 1000;
}

export function mayNotSurvive({ node }: Step, why: string): RedisopsError {
  return new RedisopsError('MASTER_RESTART_HOLDS_DATA', `The data on ${node.name} may not survive a restart: ${why}.`, {
    hint: 'It was left running and nothing is lost. Fix that, then run again.',
  });
}
