/** The state of a run as a GitHub deployment. */
export interface DeploymentNews {
  run: string;
  cluster: string;
  commit: string;
  state: 'queued' | 'in_progress' | 'pending' | 'success' | 'failure' | 'inactive';
  /** One line; GitHub shows at most 140 characters. */
  description: string;
  /** The run’s thread. */
  url: string | null;
}
