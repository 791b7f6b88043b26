import type { Octokit } from '@octokit/rest';
import type { GitHubClient } from './client.ts';

interface Answer<T> {
  data: T;
  headers: { etag?: string | undefined };
}

/** Makes a request with the headers given. */
type Request<T> = (octokit: Octokit, headers: Readonly<Record<string, string>>) => Promise<Answer<T>>;

/**
 * Asks the same again and again: as long as it is “not modified” (ETag), GitHub’s answer costs nothing of the rate limit
 * (docs.github.com/rest, “Use conditional requests”), and what was kept of the last one holds. Fails as `ask` does.
 */
export function conditional<T>(client: GitHubClient): (what: string, request: Request<T>) => Promise<T> {
  const known = new Map<string, { etag: string; data: T }>();
  return (what, request) =>
    client.ask(what, async (octokit) => {
      const last = known.get(what);
      try {
        const { data, headers } = await request(octokit, last ? { 'if-none-match': last.etag } : {});
        if (headers.etag) known.set(what, { etag: headers.etag, data });
        return { data };
      } catch (error) {
        if (last && isNotModified(error)) return last;
        throw error;
      }
    });
}

function isNotModified(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 304;
}
