import { trimmedEnd } from '../../domain/text/trim.ts';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { RedisopsError } from '../../domain/error.ts';
import type { Secret } from '../../domain/secret.ts';
import { boundedFetch, GITHUB_BYTES } from '../http/bounded-fetch.ts';
import type { Egress } from '../http/egress.ts';
import { redactText } from '../log/redact.ts';
import { realClock } from '../../time/real-clock.ts';

export type GitHubIdentity =
  | { kind: 'token'; token: Secret }
  /** A GitHub App installed on the repository. `privateKey`: PEM. */
  | { kind: 'app'; appId: string; privateKey: Secret };

export interface GitHubSettings {
  /** `owner/name` */
  repository: string;
  identity: GitHubIdentity;
  /** The base branch of our pull requests; default `main`. */
  branch?: string;
  /** Base URL of the REST API. */
  apiUrl: string;
  /** For access through a proxy. */
  egress?: Egress | undefined;
  /** Milliseconds per try; default 10,000. */
  timeoutMs?: number;
  /** Milliseconds before the second try, doubled before the third; default 500. */
  backOffMs?: number;
}

/** GitHub’s REST API with our credentials, for one repository. */
export interface GitHubClient {
  place: { owner: string; repo: string };
  /** Makes a request, with retries and time limits. Fails with GITHUB_FAILED; `what` appears in the message. */
  ask<T>(what: string, request: (octokit: Octokit) => Promise<{ data: T }>): Promise<T>;
  /** As `ask`; null for a 404. */
  find<T>(what: string, request: (octokit: Octokit) => Promise<{ data: T }>): Promise<T | null>;
  /** The login of our comments. */
  login(): Promise<string>;
}

const TRIES = 3;
/** Waits requested by GitHub are honoured up to this limit; a longer one becomes an error that says when it ends. */
const LONGEST_WAIT_MS = 20_000;

export function gitHubClient(settings: GitHubSettings): GitHubClient {
  const [owner = '', repo = ''] = settings.repository.split('/');
  const place = { owner, repo };
  const { identity } = settings;
  const connection = remembered(() => connect(settings, place));

  const ask: GitHubClient['ask'] = async (what, request) => {
    try {
      return (await request(await connection())).data;
    } catch (error) {
      throw gitHubFailed(what, error, settings.repository);
    }
  };

  const login = remembered(async () => {
    if (identity.kind === 'app') {
      const app = await ask('GET /app', (octokit) => octokit.rest.apps.getAuthenticated());
      return `${app?.slug ?? ''}[bot]`;
    }
    return ask('GET /user', async (octokit) => {
      const user = await octokit.rest.users.getAuthenticated().catch((error: unknown) => {
        // A workflow run’s token belongs to an app and may not ask for its identity.
        if (statusOf(error) === 403) return { data: { login: 'github-actions[bot]' } };
        throw error;
      });
      return { data: user.data.login };
    });
  });

  return {
    place,
    ask,
    async find(what, request) {
      return ask(what, async (octokit) => {
        try {
          return await request(octokit);
        } catch (error) {
          if (statusOf(error) === 404) return { data: null };
          throw error;
        }
      });
    },
    login,
  };
}

/** Caches the answer; a failure is not cached. */
function remembered<T>(make: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    answer ??= make().catch((error: unknown) => {
      answer = null;
      throw error;
    });
    return answer;
  };
}

async function connect(settings: GitHubSettings, place: { owner: string; repo: string }): Promise<Octokit> {
  const { identity } = settings;
  const nothing = () => undefined;
  const common = {
    baseUrl: trimmedEnd(settings.apiUrl, '/'),
    userAgent: 'redisops',
    request: { fetch: boundedFetch(settings.egress?.fetch, GITHUB_BYTES) },
    // Octokit warns about every 404, with the URL; real failures are thrown.
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  };
  if (identity.kind === 'token') return patient(new Octokit({ ...common, auth: identity.token.reveal() }), settings);

  const auth = { appId: identity.appId, privateKey: identity.privateKey.reveal() };
  const app = patient(new Octokit({ ...common, authStrategy: createAppAuth, auth }), settings);
  const installation = await app.rest.apps.getRepoInstallation(place);
  const installed = { ...auth, installationId: installation.data.id };
  return patient(new Octokit({ ...common, authStrategy: createAppAuth, auth: installed }), settings);
}

/** Adds a time limit to every try, and a few retries if they can help and do no harm. */
function patient(octokit: Octokit, { timeoutMs = 10_000, backOffMs = 500 }: GitHubSettings): Octokit {
  octokit.hook.wrap('request', async (request, options) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        // Set in place: Octokit’s inner hooks are bound to this object.
        options.request = { ...options.request, signal: AbortSignal.timeout(timeoutMs) };
        return await request(options);
      } catch (error) {
        const wait = attempt < TRIES ? waitBefore(options.method, error, backOffMs * 2 ** (attempt - 1)) : null;
        if (wait === null) throw error;
        await realClock.sleep(wait);
      }
    }
  });
  return octokit;
}

/** Milliseconds until the next try; null for none. A failed POST may have succeeded on the server. */
function waitBefore(method: string, error: unknown, backOffMs: number): number | null {
  const status = statusOf(error);
  if (status === 403 || status === 429) {
    const seconds = Number(headerOf(error, 'retry-after') ?? Number.NaN);
    return seconds * 1000 <= LONGEST_WAIT_MS ? seconds * 1000 : null;
  }
  const harmless = method !== 'POST';
  // Octokit also reports a failed connection as 500.
  return harmless && status !== null && status >= 500 ? backOffMs : null;
}

/** Whether the credentials lack permission; a rate limit has the same status but ends. */
export function isForbidden(error: unknown): boolean {
  const status = statusOf(error);
  const limited = headerOf(error, 'retry-after') !== undefined || headerOf(error, 'x-ratelimit-remaining') === '0';
  return status === 404 || (status === 403 && !limited);
}

/** The HTTP status of a failed request; null if there was no answer. */
export function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  return typeof error.status === 'number' ? error.status : null;
}

function headerOf(error: unknown, name: string): string | undefined {
  if (typeof error !== 'object' || error === null || !('response' in error)) return undefined;
  const { headers } = (error.response ?? {}) as { headers?: Record<string, string | number | undefined> };
  const value = headers?.[name];
  return value === undefined ? undefined : String(value);
}

/** Drops the request attached to Octokit’s errors, which contains our credentials. */
function gitHubFailed(what: string, error: unknown, repository: string): RedisopsError {
  if (error instanceof RedisopsError) return error;
  const answered = headerOf(error, 'x-github-request-id') ?? headerOf(error, 'content-type');
  const status = answered === undefined ? null : statusOf(error);
  const reason = redactText(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  const message = `GitHub, ${what}: ${status === null ? reason : `${status} ${reason}`}`;
  return new RedisopsError('GITHUB_FAILED', message, { hint: hintOn(status, error, repository) });
}

function hintOn(status: number | null, error: unknown, repository: string): string {
  const limit = limitOf(error);
  if ((status === 403 || status === 429) && limit) return limit;
  if (status === null) return 'GitHub did not answer. Check GITHUB_API_URL and the network.';
  if (status === 401)
    return 'GitHub does not accept the credentials: GITHUB_TOKEN (expired?), or the App’s ID and key.';
  if (status === 403)
    return 'The credentials lack a permission: contents (read), pull requests (read and write), issues, commit statuses, deployments, and an App’s checks (write).';
  if (status === 404)
    return `It does not exist, or these credentials cannot see it. Check the name ${repository}, and the access of the token or App.`;
  if (status >= 500) return 'GitHub failed after several retries. See https://www.githubstatus.com';
  return 'GitHub rejected the request. The message says why.';
}

function limitOf(error: unknown): string | null {
  const reset = Number(headerOf(error, 'x-ratelimit-reset') ?? Number.NaN);
  if (headerOf(error, 'x-ratelimit-remaining') === '0' && Number.isFinite(reset))
    return `The rate limit of these credentials is used up until ${new Date(reset * 1000).toISOString()}.`;
  const seconds = headerOf(error, 'retry-after');
  return seconds === undefined ? null : `GitHub asks to slow down: try again in ${seconds} s.`;
}
