import type { HeldData } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { hasNearlyAll } from '../../domain/replication/in-sync.ts';
import { awaitRedis } from '../node/await-redis.ts';
import { withRedis } from '../node/redis-on.ts';
import { readState } from '../node/replication-state.ts';
import { refuseAnotherRole } from './guard.ts';
import { mayNotSurvive, saveAndReadBack } from './saved-data.ts';
import type { Step } from '../node/step.ts';
import { diskAfterSave } from './fresh-start.ts';
import { restartFrom, setServedAside } from './restart-script.ts';

/** Stop and start may be slower than the save by this factor. */
const SLOWER = 10;

/**
 * Restarts a master that holds data without losing any: saves and reads back while it is running, to prove that this
 * works, saves again up to the last write at the stop (or flushes its append-only file), and loads.
 * @throws MASTER_RESTART_HOLDS_DATA if that cannot be proved in advance; VERIFY_FAILED if keys are missing afterwards.
 */
export async function restartKeeping(kept: NonNullable<HeldData['kept']>, unit: string, step: Step): Promise<void> {
  const { disk, tookMs } = await withRedis(step, async (link) => {
    const state = await readState(link);
    await refuseAnotherRole(state.master, step);
    if (state.master) throw mayNotSurvive(step, 'it has become a replica');
    if (state.loading) throw mayNotSurvive(step, 'it is loading its data');
    const saved = await saveAndReadBack(kept, link, step).catch(async (error: unknown) => {
      if (kept === 'snapshot') await setServedAside(await diskAfterSave(link, step, true), step);
      throw error;
    });
    return { disk: await diskAfterSave(link, step, true), tookMs: saved.tookMs };
  });
  const { keys } = disk;
  await restartFrom(disk, { unit, saving: kept === 'snapshot', longerMs: Math.ceil(tookMs * SLOWER) }, step);
  await awaitRedis(step);
  const now = (await withRedis(step, readState)).keys;
  if (!hasNearlyAll(now, keys)) throw missing(keys, now, step);
  step.progress({ message: `${now} keys were loaded; ${keys} were there right before` });
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
