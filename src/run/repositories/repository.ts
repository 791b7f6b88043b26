import type { ConfigSource, GitHub } from '../../ports/git.ts';

/** A configuration repository, as needed by runs. */
export interface RepositoryPorts {
  /** Null for a checkout. */
  gitHub: GitHub | null;
  /** The repository at a revision; null: at the branch’s head. */
  source: (revision: string | null) => Promise<ConfigSource>;
}

/** A repository served by the bot. */
export interface Repository extends RepositoryPorts {
  /** `owner/name`, or the path of a checkout. */
  name: string;
}
