import { z } from 'zod';
import type { RawJob } from '../../src/adapters/queue/queue.ts';
import type { QueuedJob } from '../../src/domain/run/job.ts';

const data = z.strictObject({ run: z.string(), cluster: z.string(), approval: z.string() });

/** What the jobs’ own schemas do in the program. */
export function parseJob({ id, name, data: payload }: RawJob): QueuedJob {
  if (name !== 'execute') throw new Error(`unknown job ${name}`);
  return { name, id, data: data.parse(payload) };
}
