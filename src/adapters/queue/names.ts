import type { Job } from 'bullmq';

/** Prefix of BullMQ’s keys; the store’s keys have others. */
export const PREFIX = 'redisops:bull';

/** A job as stored in Redis. */
export interface RawJob {
  id: string;
  name: string;
  data: unknown;
}

/** BullMQ joins key parts with colons; encoded, one cluster’s name cannot reach into another’s keys. */
export function queueName(cluster: string): string {
  return `redisops-${encodeURIComponent(cluster)}`;
}

/** BullMQ does not allow colons. */
export function jobId(id: string): string {
  return encodeURIComponent(id);
}

export function rawJob({ id = '', name, data }: Job): RawJob {
  return { id: decodeURIComponent(id), name, data };
}
