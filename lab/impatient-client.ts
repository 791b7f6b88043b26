import { Redis } from 'ioredis';

/** A client that does not wait: what is not answered within a second has failed, and it connects again at once. */
export function impatientClient(place: { host: string; port: number; password: string }): Redis {
  const redis = new Redis({
    ...place,
    commandTimeout: 1000,
    connectTimeout: 1000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: true,
    retryStrategy: () => 50,
  });
  redis.on('error', () => {});
  return redis;
}
