/** What `serve` was told on the command line. */
export interface ServeOptions {
  /** A checkout. */
  repo: string;
  /** Whether it was named: then the configuration is read there, and not from GitHub. */
  repoGiven: boolean;
  /** One half of the program, or both. */
  only: 'bot' | 'worker' | null;
}
