import type { ConfigSource, GitHub } from '../../ports/git.ts';

/** A configuration repository, as far as runs need it. */
export interface RepositoryPorts {
  /** Null for a checkout. */
  gitHub: GitHub | null;
  /** The repository at a revision; at the branch’s head for null. */
  source(revision: string | null): Promise<ConfigSource>;
}

/** One of those that the bot serves. */
export interface Repository extends RepositoryPorts {
  /** `owner/name`, or the path of a checkout. */
  name: string;
}
