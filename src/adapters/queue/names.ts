import type { Job } from 'bullmq';

/** Keys of BullMQ begin so; those of the store beside them do not. */
export const PREFIX = 'redisops:bull';

/** A job as Redis has it. */
export interface RawJob {
  id: string;
  name: string;
  data: unknown;
}

/** BullMQ builds keys of it with colons between; encoded, no cluster’s name can reach into another’s. */
export function queueName(cluster: string): string {
  return `redisops-${encodeURIComponent(cluster)}`;
}

/** BullMQ refuses colons. */
export function jobId(id: string): string {
  return encodeURIComponent(id);
}

export function rawJob({ id = '', name, data }: Job): RawJob {
  return { id: decodeURIComponent(id), name, data };
}
