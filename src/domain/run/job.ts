/** What a worker does for a run. */
export interface QueuedJob {
  name: JobName;
  /** Enqueueing the same ID again does nothing. */
  id: string;
  data: JobPayload;
}

/** `propose` plans the run, `execute` carries out the approved plan. */
export type JobName = 'propose' | 'execute';

/** Which run: its record says the rest. */
export interface JobPayload {
  run: string;
  cluster: string;
}
