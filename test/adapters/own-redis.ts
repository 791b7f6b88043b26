import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queueRedis, type QueueRedis } from '../../src/adapters/queue/redis.ts';
import { quietLog } from './quiet-log.ts';

/** A real redis-server in its own folder; `end` removes both. */
export async function ownRedis(): Promise<QueueRedis & { stateDir: string; end(): Promise<void> }> {
  const stateDir = await mkdtemp(join(tmpdir(), 'redisops-'));
  const redis = await queueRedis({ stateDir }, quietLog());
  return {
    ...redis,
    stateDir,
    async end() {
      await redis.release();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
