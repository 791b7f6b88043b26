import { createHash } from 'node:crypto';
import type { BackUp } from '../../domain/action.ts';
import { AS_REDIS } from '../../domain/redis/as-redis.ts';
import { isSameWritten, type Backup, type Written } from '../../domain/redis/backup.ts';
import { RedisopsError } from '../../domain/error.ts';
import { hasNearlyAll } from '../../domain/replication/in-sync.ts';
import { REDIS_CLI, redisCliOptions } from '../node/redis-cli-script.ts';
import { withRedis } from '../node/redis-on.ts';
import { readState } from '../node/replication-state.ts';
import { lastLines, maskedFor, type Step } from '../node/step.ts';
import { readWritten } from './written.ts';
import type { BackupFile, Backups } from '../../ports/backups.ts';
import { sh } from '../../domain/shell.ts';

/** Bytes per second that even a slow network carries. */
const SLOW_NETWORK = 2_000_000;
const LEAST_MS = 60_000;
/** A snapshot is smaller than the same data in memory; and this disk also holds the queue. */
const ROOM = { share: 1.1, bytes: 64 * 1024 * 1024 };
const EVERY_BYTES = 16 * 1024 * 1024;

/**
 * Prints the stream Redis sends to a replica: nothing is written on the node, so a full disk, failing saves or an empty
 * dbfilename do not matter, and no file is replaced. Sets diskless and no delay meanwhile: otherwise Redis would write
 * its own dump.rdb first. Redis ends the stream with a mark of 40 bytes. The node’s own tools count, hash and check it
 * on the way.
 */
const SCRIPT = sh`
set -eu
${AS_REDIS}
${REDIS_CLI}
checks="\${NODE_SERVER:-redis}-check-rdb"
command -v "$checks" >/dev/null || { echo "$checks is not there" >&2; exit 12; }
work=$(mktemp -d /run/redisops-backup.XXXXXX)
was=$(cli CONFIG GET repl-diskless-sync | tail -n 1)
delay=$(cli CONFIG GET repl-diskless-sync-delay | tail -n 1)
as_redis_cli() {
  setpriv --reuid="$as" --regid="$as_group" --init-groups --no-new-privs --inh-caps=-all -- \
    "\${NODE_SERVER:-redis}-cli" -e --no-auth-warning -h "$host" -p "$port" "$@" </dev/null
}
restore() { cli CONFIG SET repl-diskless-sync "$was" repl-diskless-sync-delay "$delay" >/dev/null 2>&1 || true; }
trap 'rm -rf -- "$work"; restore' EXIT
cli CONFIG SET repl-diskless-sync yes repl-diskless-sync-delay 0 >/dev/null
mkfifo "$work/sum" "$work/check" "$work/count"
# What Redis sends is parsed as its user.
chmod 711 "$work"
chown -- "$as" "$work/check"
sha256sum <"$work/sum" >"$work/sum.said" &
wc -c <"$work/count" >"$work/count.said" &
as_redis "$checks" "$work/check" >"$work/check.said" &
checker=$!
as_redis_cli --rdb - 2>"$work/said" | head -c -40 | tee "$work/sum" "$work/check" "$work/count" || true
restore
checked=0
wait "$checker" || checked=$?
wait
sum=$(cut -d ' ' -f 1 "$work/sum.said")
count=$(tr -d ' ' <"$work/count.said")
sent=$(sed -n 's/.*finished with success after \([0-9]*\) bytes.*/\1/p' "$work/said")
keys=$(sed -n 's/.* \([0-9]*\) keys read.*/\1/p' "$work/check.said" | head -n 1)
words=$(tail -n 2 "$work/said"; tail -n 3 "$work/check.said")
grep -q 'RDB looks OK' "$work/check.said" || checked=1
rm -rf -- "$work"
[ "$checked" = 0 ] || { printf '%s\n' "$words" >&2; exit 12; }
printf 'sha256 %s\nbytes %s\nsent %s\nkeys %s\n' "$sum" "$count" "$sent" "$keys" >&2
`;

/**
 * Copies all the node’s data into redisops’ backup directory; returns false if a backup exists that no later write has
 * outdated. A backup is valid once length and SHA-256 match on both sides, as read back from this disk, and the node’s
 * redis-check-rdb has counted as many keys as Redis holds.
 * @throws BACKUP_FAILED.
 */
export async function backUp({ keys: expected }: BackUp, step: Step): Promise<boolean> {
  const backups = step.keeping?.backups;
  if (!step.keeping || !backups) throw failed(step, 'no backup directory is set', 'Set STATE_DIR or BACKUP_DIR.');
  const { state, written } = await withRedis(step, async (link) => {
    return { written: await readWritten(link), state: await readState(link) };
  });
  if (state.keys > expected) throw grown(step, state.keys, expected);
  const { cluster } = step.desired;
  const newest = await backups.newest(cluster, step.node.name);
  if (newest && isSameWritten(newest.written, written)) {
    step.progress({ message: `${newest.path} of ${newest.at} is complete` });
    return false;
  }
  const most = await roomFor(state.usedMemoryBytes, backups, step);
  const file = await backups.create(cluster, step.node.name);
  try {
    const kept = await fill(file, { state, written, most, ...step.keeping }, step);
    step.progress({ message: `${kept.path}: keys ${kept.keys}, bytes ${kept.bytes}, SHA-256 ${kept.sha256}` });
    return true;
  } catch (error) {
    await file.discard();
    throw error;
  }
}

interface Source {
  state: { keys: number; usedMemoryBytes: number };
  written: Written;
  /** Bytes. How much arrives is the node’s own word, which may be false. */
  most: number;
  run: string;
}

async function fill(file: BackupFile, { state, written, most, run }: Source, step: Step): Promise<Backup> {
  const hash = createHash('sha256');
  let bytes = 0;
  let told = 0;
  const { parameters, input } = redisCliOptions(step);
  const timeoutMs = LEAST_MS + Math.ceil((state.usedMemoryBytes / SLOW_NETWORK) * 1000);
  const { status, stderr } = await step.session.stream(SCRIPT, { parameters, input, timeoutMs }, async (chunk) => {
    if (step.stop?.aborted) throw stoppedBackup(step);
    if (bytes + chunk.length > most)
      throw failed(step, `more than ${most} bytes arrived, which its memory cannot hold`);
    hash.update(chunk);
    await file.write(chunk);
    bytes += chunk.length;
    if (bytes - told < EVERY_BYTES) return;
    told = bytes;
    step.progress({ message: 'copying', doneBytes: bytes });
  });
  const said = (name: string) => new RegExp(`^${name} (\\S+)$`, 'm').exec(stderr)?.[1] ?? '';
  if (status !== 0) throw failed(step, lastLines(maskedFor(step, stderr), 6) || `status ${status}`);
  const sha256 = hash.digest('hex');
  if (Number(said('sent')) !== bytes || Number(said('bytes')) !== bytes)
    throw failed(step, `${bytes} bytes arrived of ${said('sent') || 'an unknown number'}`);
  if (said('sha256') !== sha256) throw failed(step, 'its SHA-256 on the node is different');
  const keys = Number(said('keys'));
  if (!hasNearlyAll(keys, state.keys)) throw failed(step, `it has ${keys} keys, and Redis ${state.keys}`);
  const { cluster } = step.desired;
  const at = step.clock.now().toISOString();
  return file.keep({ cluster, node: step.node.name, run, at, keys, bytes, sha256, written });
}

/** Bytes that the backup may take. @throws BACKUP_FAILED if the disk has less */
async function roomFor(usedMemoryBytes: number, backups: Backups, step: Step): Promise<number> {
  const free = await backups.freeBytes();
  const needed = Math.ceil(usedMemoryBytes * ROOM.share) + ROOM.bytes;
  if (free < needed) throw failed(step, `${needed} bytes may be needed in the backup directory, and ${free} are free`);
  return needed;
}

function grown({ node }: Step, keys: number, expected: number): RedisopsError {
  return new RedisopsError('STALE_PLAN', `${node.name} now holds ${keys} keys; ${expected} were approved.`, {
    hint: 'It was not changed. Stop its clients, make a new plan and read it.',
  });
}

function stoppedBackup(step: Step): RedisopsError {
  return failed(step, 'the run was told to stop');
}

function failed({ node }: Step, why: string, hint = 'Fix that, then run again.'): RedisopsError {
  return new RedisopsError('BACKUP_FAILED', `What ${node.name} holds could not be backed up: ${why}.`, {
    hint: `No keys were given up. ${hint}`,
  });
}
