import { z } from 'zod';
import type { JobName, JobPayload } from '../domain/run/job.ts';
import { exactly } from './exactly.ts';

export const jobName = exactly<JobName>()(z.enum(['propose', 'execute']));

/** Version 0.1 also put goal, revision, origin and approval into a job: the run’s record has them. */
export const jobPayload = exactly<JobPayload>()(z.object({ run: z.string(), cluster: z.string() }));
