/** Command line options of `serve`. */
export interface ServeOptions {
  /** A checkout. */
  repo: string;
  /** Whether it was given: then the configuration is read there instead of from GitHub. */
  repoGiven: boolean;
  /** Only one half of the program; null: both. */
  only: 'bot' | 'worker' | null;
}
