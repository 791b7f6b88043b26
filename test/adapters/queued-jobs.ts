import type { Redis } from 'ioredis';

/** Number of a cluster’s waiting and active jobs, by BullMQ’s lists. */
export async function queuedJobs(redis: Redis, cluster: string): Promise<number> {
  const lists = ['wait', 'active'].map((list) => redis.llen(`redisops:bull:redisops-${cluster}:${list}`));
  return (await Promise.all(lists)).reduce((sum, length) => sum + length, 0);
}
