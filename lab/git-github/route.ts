import type { RequestBody } from './json.ts';
import type { World } from './world.ts';

/** Actions on the repository, wherever they come from: see `people.ts`. */
export interface Deeds {
  openPullRequest(
    by: string,
    asked: { title: string; body: string; head: string; base: string; draft: boolean },
  ): number;
  mergePullRequest(number: number, by: string, method: string): { sha: string } | { refused: string };
  comment(number: number, by: string, body: string): number;
  put(branch: string, path: string, text: string, message: string, by: string): string;
}

export interface Asked {
  world: World;
  deeds: Deeds;
  login: string;
  /** Whether the caller is an App’s installation: only those may write check runs. */
  isApp: boolean;
  query: URLSearchParams;
  body: RequestBody;
}

export interface Answer {
  status: number;
  json: unknown;
}

export type Take = (asked: Asked, ...parts: string[]) => Answer;

export const ok = (json: unknown, status = 200): Answer => ({ status, json });
export const notFound = (message = 'Not Found'): Answer => ({
  status: 404,
  json: { message, documentation_url: 'https://docs.github.com/rest' },
});
export const invalid = (message: string): Answer => ({
  status: 422,
  json: { message, documentation_url: 'https://docs.github.com/rest' },
});
export const forbidden = (message: string): Answer => ({
  status: 403,
  json: { message, documentation_url: 'https://docs.github.com/rest' },
});

/** GitHub’s pagination: 30 entries by default, at most 100. */
export function page<T>(all: readonly T[], query: URLSearchParams, most = 100): T[] {
  const size = Math.min(most, Number(query.get('per_page') ?? 30));
  const from = (Number(query.get('page') ?? 1) - 1) * size;
  return all.slice(from, from + size);
}

export function commitAt({ repository }: World, name: string): string | null {
  return repository.resolve(`refs/heads/${name}`) ?? repository.resolve(name);
}

/** Method, path and handler; the first match wins. */
export type Route = readonly [string, RegExp, Take];

export const R = '/repos/acme/infra';
