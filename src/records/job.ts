import { z } from 'zod';
import type { JobName, JobPayload } from '../domain/run/job.ts';
import { exactly } from './exactly.ts';

export const jobName = exactly<JobName>()(z.enum(['propose', 'execute']));

/** Version 0.1 also stored goal, revision, origin and approval in the job; they are in the run’s record. */
export const jobPayload = exactly<JobPayload>()(z.object({ run: z.string(), cluster: z.string() }));
