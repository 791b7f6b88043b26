import type { Redis } from 'ioredis';

/** How many jobs of a cluster wait or run, by BullMQ’s own lists. */
export async function queuedJobs(redis: Redis, cluster: string): Promise<number> {
  const lists = ['wait', 'active'].map((list) => redis.llen(`redisops:bull:redisops-${cluster}:${list}`));
  return (await Promise.all(lists)).reduce((sum, length) => sum + length, 0);
}
