import { Redis } from 'ioredis';

/** A client with a timeout of one second, which then reconnects at once. */
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
