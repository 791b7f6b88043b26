import { RedisopsError } from '../../domain/error.ts';
import { awaitRedis } from '../node/await-redis.ts';
import { awaitRewrite } from './await-rewrite.ts';
import { withRedis } from '../node/redis-on.ts';
import { readState } from '../node/replication-state.ts';
import { refuseAnotherRole } from './guard.ts';
import { restartFrom, type DataOnDisk } from './restart-script.ts';
import { diskAfterSave } from './fresh-start.ts';
import type { Step } from '../node/step.ts';

/**
 * Restarts a master whose keys cannot be saved and may be lost, by redisops.yml and by the approver, who saw the
 * maximum.
 * @throws STALE_PLAN if it holds more, has replicas, or is one.
 */
export async function restartLosing(keysAtMost: number, unit: string, step: Step): Promise<void> {
  const disk = await withRedis(step, async (link): Promise<DataOnDisk> => {
    const { keys, master, replicas } = await readState(link);
    await refuseAnotherRole(master, step);
    const why = master
      ? 'is a replica'
      : replicas.length > 0
        ? 'has replicas'
        : keys > keysAtMost
          ? `holds ${keys} keys`
          : null;
    if (why !== null)
      throw new RedisopsError('STALE_PLAN', `${step.node.name} ${why} now, which was not approved.`, {
        hint: 'It was left running. Make a new plan and read it.',
      });
    return diskAfterSave(link, step, false);
  });
  await awaitRewrite(step);
  await restartFrom(disk, { unit }, step);
  await awaitRedis(step);
}
