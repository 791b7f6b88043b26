/** The state of a run, as a GitHub deployment shows it. */
export interface DeploymentNews {
  run: string;
  cluster: string;
  commit: string;
  state: 'queued' | 'in_progress' | 'pending' | 'success' | 'failure' | 'inactive';
  /** One line; at most 140 characters are shown. */
  description: string;
  /** The run’s thread. */
  url: string | null;
}
