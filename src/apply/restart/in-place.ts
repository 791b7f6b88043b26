import type { HeldData } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { hasNearlyAll } from '../../domain/replication/in-sync.ts';
import { awaitRedis } from '../node/await-redis.ts';
import { REDIS_CLI, redisCliOptions } from '../node/redis-cli-script.ts';
import { withRedis } from '../node/redis-on.ts';
import { readState } from '../node/replication-state.ts';
import { refuseAnotherRole } from './guard.ts';
import { refused, saveAndReadBack } from './saved-data.ts';
import type { Step } from '../node/step.ts';
import { systemctl, unitFailed } from '../unit/start.ts';
import { tellLoading } from '../node/tell-loading.ts';
import { sh } from '../../domain/shell.ts';

/** A node that is busy with its end and its start may be so much slower than the save was. */
const SLOWER = 10;

/**
 * $1 the unit. SIGTERM saves in the one thread that takes writes, so that none is acknowledged after the save; the
 * setting goes with the process. Together on the node: between the two, no worker can die.
 */
const RESTART = sh`
set -eu
${REDIS_CLI}
before=$(cli CONFIG GET shutdown-on-sigterm | tail -n 1)
cli CONFIG SET shutdown-on-sigterm save >/dev/null
[ "$(cli CONFIG GET shutdown-on-sigterm | tail -n 1)" = save ] || exit 1
systemctl restart "$1" || {
  status=$?
  cli CONFIG SET shutdown-on-sigterm "$before" >/dev/null 2>&1 || true
  exit $status
}
`;

/**
 * Restarts a master that holds data, and loses none of it: saved and read back while it goes on, so that it is known to
 * work, then saved once more to the last write as it ends (an append-only file is flushed), and loaded.
 * @throws MASTER_RESTART_HOLDS_DATA where that cannot be shown beforehand; VERIFY_FAILED when keys are missing after it.
 */
export async function restartKeeping(kept: NonNullable<HeldData['kept']>, unit: string, step: Step): Promise<boolean> {
  const { keys, tookMs } = await withRedis(step, async (link) => {
    const state = await readState(link);
    await refuseAnotherRole(state.master, step);
    if (state.master) throw refused(step, 'it has become a replica');
    if (state.loading) throw refused(step, 'it is loading its data');
    const saved = await saveAndReadBack(kept, link, step);
    return { keys: (await readState(link)).keys, tookMs: saved.tookMs };
  });
  if (kept === 'snapshot') await restartSaving(unit, tookMs, step);
  else await systemctl('restart', unit, step);
  await awaitRedis(step);
  const now = (await withRedis(step, readState)).keys;
  if (!hasNearlyAll(now, keys)) throw missing(keys, now, step);
  step.progress({ message: `${now} keys were loaded; ${keys} were there right before` });
  return true;
}

async function restartSaving(unit: string, tookMs: number, step: Step): Promise<void> {
  const { parameters, input } = redisCliOptions(step);
  const restarted = step.session.run(RESTART, {
    parameters: [...parameters, unit],
    input,
    timeoutMs: step.desired.limits.startMs + Math.ceil(tookMs * SLOWER),
  });
  const { status, stderr } = await tellLoading(step, restarted);
  if (status !== 0) throw await unitFailed(`systemctl restart ${unit}`, stderr, step);
}

function missing(before: number, now: number, { node }: Step): RedisopsError {
  return new RedisopsError(
    'VERIFY_FAILED',
    `${node.name} held ${before} keys before its restart and holds ${now} now.`,
    {
      hint: 'Stop its clients. Check the files in its data directory before a save overwrites them.',
    },
  );
}
