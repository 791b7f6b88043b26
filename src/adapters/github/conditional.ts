import type { Octokit } from '@octokit/rest';
import type { GitHubClient } from './client.ts';

interface Answer<T> {
  data: T;
  headers: { etag?: string | undefined };
}

/** Makes a request with these headers. */
type Request<T> = (octokit: Octokit, headers: Readonly<Record<string, string>>) => Promise<Answer<T>>;

/**
 * Repeats a request by ETag: a “not modified” answer costs nothing of the rate limit (docs.github.com/rest, “Use
 * conditional requests”), and the last answer stays valid. Fails as `ask` does.
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
