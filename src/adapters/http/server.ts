import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { RedisopsError } from '../../domain/error.ts';
import { BodyBudget, readBody } from './body.ts';
import { refuseMalformed } from './malformed.ts';
import type { Log } from '../../ports/log.ts';

export interface HttpRequest {
  headers: IncomingHttpHeaders;
  rawBody: Buffer;
}

export interface HttpAnswer {
  status: number;
  body: string;
  /** `text/plain` where it is not given. */
  contentType?: string;
}

/** What a request must be like before anything of its body is read. */
export interface RequestLimits {
  /** Of the body, in bytes; none where not given. */
  maxBytes?: number;
  /** Headers (lower case) that every honest request has: whoever has none gets no memory. */
  signedBy?: readonly string[];
}

export interface Route extends RequestLimits {
  method: 'GET' | 'POST';
  /** Without query. */
  path: string;
  answer(request: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpServer {
  port: number;
  /** Takes no more requests, and waits for those under way, at most this long (milliseconds). */
  close(graceMs?: number): Promise<void>;
}

export interface HttpOptions {
  port: number;
  /** Webhooks come from outside, mostly through a proxy on another address: so `0.0.0.0` where nothing is set. */
  host: string;
  routes: readonly Route[];
  log: Log;
  /** Of all bodies at once, in bytes; 32 MiB where not given: the process that listens is the one that changes nodes. */
  bodyBudget?: number;
  /** Milliseconds within which a request must have come; 10,000 where not given. Slack and GitHub wait no longer. */
  requestMs?: number;
}

const BODY_BUDGET = 32 * 1024 * 1024;
const REQUEST_MS = 10_000;
const MAX_CONNECTIONS = 200;

/**
 * The HTTP door.
 * @throws SETTINGS_INVALID when the port cannot be had.
 */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const { bodyBudget = BODY_BUDGET, requestMs = REQUEST_MS } = options;
  const server = createServer({
    headersTimeout: requestMs,
    requestTimeout: requestMs,
    keepAliveTimeout: 5000,
    // Node looks for what took too long only every so often.
    connectionsCheckingInterval: requestMs / 5,
  });
  server.maxConnections = MAX_CONNECTIONS;
  const budget = new BodyBudget(bodyBudget);
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    // Kept connections would hold up a server that is closing.
    response.once('close', () => server.listening || setImmediate(() => server.closeIdleConnections()));
    void dispatch(request, response, budget, options);
  };
  server.on('request', take);
  // A client that asks first (`Expect: 100-continue`) may send its body only if that is not too large.
  server.on('checkContinue', take);
  server.on('clientError', refuseMalformed);
  await listen(server, options);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return { port, close: (graceMs = 5000) => close(server, graceMs) };
}

async function dispatch(
  request: IncomingMessage,
  response: ServerResponse,
  budget: BodyBudget,
  { log, routes }: HttpOptions,
): Promise<void> {
  const path = request.url?.split('?')[0] ?? '/';
  const here = routes.filter((route) => route.path === path);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const route = here.find((candidate) => candidate.method === method);
  if (here.length === 0) return say(response, { status: 404, body: 'not found' });
  if (!route) {
    response.setHeader('allow', here.map((candidate) => candidate.method).join(', '));
    return say(response, { status: 405, body: 'method not allowed' });
  }
  const { maxBytes = 0, signedBy = [] } = route;
  const missing = signedBy.find((name) => request.headers[name] === undefined);
  if (missing !== undefined)
    return say(response, { status: 401, body: `SIGNATURE_INVALID: the header ${missing} is missing` });
  try {
    const rawBody = await readBody(request, response, { maxBytes, budget });
    if (rawBody === 'gone') return;
    if (rawBody === 'too large')
      return say(response, { status: 413, body: `BODY_TOO_LARGE: more than ${maxBytes} bytes` });
    if (rawBody === 'no room') {
      log.warn({ path }, 'too many bodies at once: a request was turned away');
      return say(response, { status: 503, body: 'busy: send it again' });
    }
    say(response, await route.answer({ headers: request.headers, rawBody }));
  } catch (error) {
    log.error({ path, error }, 'a request failed');
    say(response, { status: 500, body: 'INTERNAL: see the log' });
  }
}

/** A body that is still coming is not read on: the connection ends with the answer. */
function say(response: ServerResponse, { status, body, contentType = 'text/plain; charset=utf-8' }: HttpAnswer): void {
  if (response.headersSent) return void response.end();
  const { req: request } = response;
  if (!request.complete) {
    response.setHeader('connection', 'close');
    response.once('finish', () => {
      // The client may still be writing: closing at once would lose it the answer.
      const timer = setTimeout(() => request.destroy(), 1000);
      request.once('close', () => clearTimeout(timer));
    });
  }
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function listen(server: Server, { port, host }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new RedisopsError('SETTINGS_INVALID', `The HTTP port cannot be opened: ${cause.message}`, {
          cause,
          hint: 'Choose another PORT or HOST, or end the program that has it.',
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
}

async function close(server: Server, graceMs: number): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(timer);
}
