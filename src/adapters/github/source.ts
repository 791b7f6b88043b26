import type { ConfigSource } from '../../ports/git.ts';
import { commitSource } from '../git/commit-source.ts';
import type { GitHubClient } from './client.ts';
import { gitTree } from './tree.ts';

/** The repository at one commit. */
export function sourceAt(client: GitHubClient, revision: string): ConfigSource {
  return commitSource(revision, {
    tree: () => gitTree(client, revision),
    async blob(sha, path) {
      const { content, encoding } = await client.ask(`${path} at ${revision}`, (octokit) =>
        octokit.rest.git.getBlob({ ...client.place, file_sha: sha }),
      );
      return Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
    },
  });
}
