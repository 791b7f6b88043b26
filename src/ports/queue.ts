import type { QueuedJob } from '../domain/run/job.ts';

/** The queue, for those who enqueue. Enqueueing the same `id` again does nothing. */
export interface Queue {
  enqueue(job: QueuedJob): Promise<void>;
  jobState(job: QueuedJob): Promise<JobState>;
}

/** A job is live while it waits or runs, and shortly after: what follows its end may be under way. */
export type JobState = 'absent' | 'live' | 'ended';
