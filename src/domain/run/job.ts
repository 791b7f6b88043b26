/** A worker’s task for a run. */
export interface QueuedJob {
  name: JobName;
  /** Enqueueing the same ID again does nothing. */
  id: string;
  data: JobPayload;
}

/** `propose` plans the run, `execute` applies the approved plan. */
export type JobName = 'propose' | 'execute';

/** Identifies the run; everything else is in its record. */
export interface JobPayload {
  run: string;
  cluster: string;
}
