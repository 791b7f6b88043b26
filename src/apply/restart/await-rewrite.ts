import { RedisopsError } from '../../domain/error.ts';
import { awaitCondition } from '../node/await-condition.ts';
import { withRedis } from '../node/redis-on.ts';
import { readInfo } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';

const EVERY_MS = 50;

/**
 * Waits for the end of an AOF rewrite. While Redis writes its first AOF, for example after a full synchronization, it
 * refuses to stop (server.c, “Writing initial AOF, can't exit”), and a restart would hang until the unit’s timeout.
 * @throws TIMED_OUT.
 */
export async function awaitRewrite(step: Step): Promise<void> {
  await withRedis(step, (link) =>
    awaitCondition(
      async () => {
        const info = await readInfo(link, 'persistence');
        const busy = info.flag('aof_rewrite_in_progress') || info.flag('aof_rewrite_scheduled');
        return busy
          ? { done: false, progress: info.optionalText('current_save_keys_processed') ?? '' }
          : { done: true, value: true };
      },
      {
        everyMs: EVERY_MS,
        limitMs: step.desired.limits.standstillMs,
        clock: step.clock,
        stop: step.stop,
        givenUp: () => standsStill(step),
      },
    ),
  ).catch((error: unknown) => {
    if (!(error instanceof RedisopsError) || error.code !== 'REDIS_UNREACHABLE') throw error;
  });
}

function standsStill({ node }: Step): RedisopsError {
  return new RedisopsError('TIMED_OUT', `${node.name} is rewriting its append-only file and makes no progress.`, {
    hint: 'It was left running: it cannot stop during the rewrite. Check its disk.',
  });
}
