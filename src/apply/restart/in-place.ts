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

/** A node that is busy with its end and its start may be so much slower than the save was. */
const SLOWER = 10;

/**
 * Restarts a master that holds data, and loses none of it: saved and read back while it goes on, so that it is known to
 * work, then saved once more to the last write as it ends (an append-only file is flushed), and loaded.
 * @throws MASTER_RESTART_HOLDS_DATA where that cannot be shown beforehand; VERIFY_FAILED when keys are missing after it.
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
