import { RedisopsError } from '../../domain/error.ts';
import type { Info } from '../../domain/replication/info.ts';
import { awaitCondition, type Seen } from '../node/await-condition.ts';
import { readInfo, readState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';
import type { RedisLink } from '../../ports/nodes.ts';

const EVERY_MS = 20;
/**
 * Redis does not answer while it saves up to this much itself, a tenth of a second on a slow disk. The restart takes
 * longer.
 */
const SAVED_AT_ONCE_BYTES = 8 * 1024 * 1024;
const TELL_EVERY_MS = 1000;

/**
 * A snapshot right before a restart. False if it failed. Redis notices the end of a BGSAVE ten times a second
 * (server.c, serverCron): small data is saved with SAVE, which answers when done.
 */
export async function saveNow(link: RedisLink, step: Step): Promise<boolean> {
  try {
    const isSaving = (await persistence(link)).flag('rdb_bgsave_in_progress');
    // A running save may have begun before the last writes.
    if (isSaving) await awaitSave(link, step);
    const { datasetBytes } = await readState(link);
    if (datasetBytes <= SAVED_AT_ONCE_BYTES) {
      await link.command('SAVE');
    } else {
      await link.command('BGSAVE');
      await awaitSave(link, step);
    }
    return true;
  } catch (error) {
    if (!(error instanceof RedisopsError)) throw error;
    step.progress({ message: `no snapshot before the restart, so a full synchronization after it: ${error.message}` });
    return false;
  }
}

/** Reports progress. @throws TIMED_OUT without progress, STEP_FAILED if the save failed. */
export async function awaitSave(link: RedisLink, step: Step): Promise<void> {
  let toldAt = step.clock.elapsed();
  const tell = (message: string): void => {
    const now = step.clock.elapsed();
    if (now - toldAt < TELL_EVERY_MS) return;
    toldAt = now;
    step.progress({ message });
  };
  await awaitCondition(() => saved(link, tell), {
    everyMs: EVERY_MS,
    limitMs: step.desired.limits.standstillMs,
    clock: step.clock,
    stop: step.stop,
    givenUp: () => new RedisopsError('TIMED_OUT', 'the save makes no progress', { hint: 'Its disk may be slow.' }),
  });
}

async function saved(link: RedisLink, tell: (message: string) => void): Promise<Seen<true>> {
  const info = await persistence(link);
  if (info.flag('rdb_bgsave_in_progress')) {
    const count = (what: string) => (info.optionalNumber(`current_save_keys_${what}`) ?? 0).toLocaleString('en-US');
    tell(`saving its data: ${count('processed')} of ${count('total')} keys`);
    return { done: false, progress: count('processed') };
  }
  if (info.text('rdb_last_bgsave_status') === 'ok') return { done: true, value: true };
  throw new RedisopsError('STEP_FAILED', 'the save failed', { hint: 'The node’s log says why.' });
}

export function persistence(link: RedisLink): Promise<Info> {
  return readInfo(link, 'persistence');
}
