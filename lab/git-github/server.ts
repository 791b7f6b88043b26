import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { asShape, requestBody, type RequestBody } from './json.ts';
import { answerMistakes, example } from './openapi.ts';
import { people, type People } from './people.ts';
import { forbidden, notFound, ok, R, type Answer, type Asked, type Route } from './route.ts';
import { GIT_ROUTES } from './routes-git.ts';
import { OUTCOME_ROUTES } from './routes-outcome.ts';
import { PULL_ROUTES } from './routes-pulls.ts';
import { userOf } from './shapes.ts';
import { webhooks, type Webhooks } from './webhooks.ts';
import { newWorld, tipOf, type World } from './world.ts';

export const BOT_TOKEN = 'ghp_stand_in_bot';
/** A workflow’s token, which is an App’s: only those may write check runs. It may not ask for its identity. */
export const APP_TOKEN = 'ghs_stand_in_app';
const HUMAN_TOKEN = 'ghp_stand_in_human';

/** What the next requests get instead of an answer; null lets a request through. */
export type Trouble = (
  method: string,
  path: string,
) => { status: number; headers?: Record<string, string>; body?: object } | null;

export interface Request {
  method: string;
  path: string;
  status: number;
  /** Whether the answer was 304, which costs nothing of the rate limit. */
  unchanged: boolean;
}

/** GitHub as needed by the bot, over a real Git repository: `acme/infra`, or another one of acme’s. */
export interface GitGitHub {
  url: string;
  repository: string;
  webhookSecret: string;
  world: World;
  people: People;
  webhooks: Webhooks;
  head(branch?: string): string;
  /** Every request, in order. */
  requests: readonly Request[];
  /** Answers that differ from GitHub’s description: bugs of the stand-in. */
  mistakes: readonly string[];
  trouble(next: Trouble | null): void;
  /** The remaining rate limit; a 304 costs nothing. */
  rateLimit: { remaining: number; resetAt: number };
  close(): Promise<void>;
}

export async function startGitGitHub(
  options: {
    port?: number;
    /** Listening address; default loopback. */
    host?: string;
    webhookUrl?: string;
    events?: readonly string[];
    /** The repository’s name without owner; default `infra`. */
    name?: string;
  } = {},
): Promise<GitGitHub> {
  const { host = '127.0.0.1', name = 'infra' } = options;
  const world = newWorld('acme', name);
  const webhookSecret = 'stand-in-webhook-secret';
  const hooks = webhooks(world, {
    url: options.webhookUrl ?? null,
    secret: webhookSecret,
    events: options.events ?? ['pull_request', 'push', 'issue_comment', 'merge_group'],
  });
  const requests: Request[] = [];
  const mistakes: string[] = [];
  const deeds = people(world, (news) => hooks.tell(news));
  let trouble: Trouble | null = null;
  const rateLimit = { remaining: 5000, resetAt: Math.floor(Date.now() / 1000) + 3600 };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? 'GET';
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://github');
    const path = asRouted(decodeURIComponent(pathname), `/repos/acme/${name}`);
    const body = await bodyOf(request);
    const say = (status: number, json: unknown, headers: Record<string, string> = {}, unchanged = false): void => {
      requests.push({ method, path, status, unchanged });
      response.writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        'x-github-request-id': 'STAND:IN',
        ...limitHeaders(rateLimit),
        ...headers,
      });
      response.end(status === 204 || status === 304 ? undefined : JSON.stringify(json));
    };
    const fault = trouble?.(method, path);
    if (fault) return say(fault.status, fault.body ?? { message: 'trouble' }, fault.headers);
    const caller = callerOf(request.headers.authorization ?? '');
    if (!caller) return say(401, { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' });
    if (rateLimit.remaining <= 0) return say(403, { message: 'API rate limit exceeded' });

    if (path === '/graphql') return say(200, minimized(world, body));
    const found = routed(method, path, { world, deeds, ...caller, query, body });
    if (found.status < 300) mistakes.push(...answerMistakes(method, path, found.status, found.json));
    const etag = `W/"${createHash('sha256')
      .update(JSON.stringify(found.json ?? null))
      .digest('hex')}"`;
    if (method === 'GET' && found.status === 200 && request.headers['if-none-match'] === etag)
      return say(304, null, { etag }, true);
    rateLimit.remaining -= 1;
    say(found.status, found.json, method === 'GET' ? { etag } : {});
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      mistakes.push(`${request.method} ${request.url}: ${String(error)}`);
      response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ message: String(error) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, host, resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://${host}:${port}`,
    repository: `acme/${name}`,
    webhookSecret,
    world,
    people: deeds,
    webhooks: hooks,
    head: (branch = 'main') => tipOf(world, branch),
    requests,
    mistakes,
    trouble: (next) => void (trouble = next),
    rateLimit,
    async close() {
      await hooks.settled();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      world.repository.remove();
    },
  };
}

const WHO: Route = [
  'GET',
  /^\/user$/,
  ({ login, isApp }) =>
    isApp
      ? forbidden('Resource not accessible by integration')
      : ok({ ...asShape(example('public-user-default-response')), ...userOf(login) }),
];
/** Comparisons and lists precede single commits, whose names may be anything. */
const ROUTES = [WHO, ...OUTCOME_ROUTES, ...PULL_ROUTES, ...GIT_ROUTES];

/** The routes are written for one repository; others are not found. */
function asRouted(path: string, place: string): string {
  if (path === place || path.startsWith(`${place}/`)) return R + path.slice(place.length);
  return path.startsWith('/repos/') ? '/repos/elsewhere' : path;
}

function routed(method: string, path: string, asked: Asked): Answer {
  for (const [of, pattern, take] of ROUTES) {
    const parts = of === method ? pattern.exec(path) : null;
    if (parts) return take(asked, ...parts.slice(1));
  }
  return notFound();
}

function callerOf(authorization: string): { login: string; isApp: boolean } | null {
  const token = authorization.split(' ')[1] ?? '';
  if (token === BOT_TOKEN) return { login: 'redisops-bot', isApp: false };
  if (token === APP_TOKEN) return { login: 'github-actions[bot]', isApp: true };
  return token === HUMAN_TOKEN ? { login: 'alice', isApp: false } : null;
}

function limitHeaders({ remaining, resetAt }: GitGitHub['rateLimit']): Record<string, string> {
  return {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-used': String(5000 - remaining),
    'x-ratelimit-reset': String(resetAt),
    'x-ratelimit-resource': 'core',
  };
}

/** The only feature missing from REST: minimizing a comment, and restoring it. */
function minimized(world: World, { query, variables }: RequestBody): object {
  const id = Number(z.string().parse(variables['id']).replace(/^IC_/, ''));
  const comment = world.comments.get(id);
  if (!comment) return { data: null, errors: [{ type: 'NOT_FOUND', message: 'Could not resolve to a node' }] };
  comment.minimized = query.includes('unminimizeComment') ? null : 'OUTDATED';
  return { data: { changed: { clientMutationId: null } } };
}

async function bodyOf(request: IncomingMessage): Promise<RequestBody> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return requestBody.parse(text === '' ? {} : JSON.parse(text));
}
