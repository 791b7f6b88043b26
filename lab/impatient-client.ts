import { Redis } from 'ioredis';

/** A client with a timeout of one second, which then reconnects at once. */
export function impatientClient({
  retryMs = 50,
  ...place
}: {
  host: string;
  port: number;
  password: string;
  retryMs?: number | undefined;
}): Redis {
  const redis = new Redis({
    ...place,
    commandTimeout: 1000,
    connectTimeout: 1000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: true,
    retryStrategy: () => retryMs,
  });
  redis.on('error', () => {});
  return redis;
}
