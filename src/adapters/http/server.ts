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
  /** Default `text/plain`. */
  contentType?: string;
}

/** Requirements checked before the body is read. */
export interface RequestLimits {
  /** Maximum bytes of the body; default: no body. */
  maxBytes?: number;
  /** Headers (lower case) that every honest request has: others get no memory. */
  signedBy?: readonly string[];
}

export interface Route extends RequestLimits {
  method: 'GET' | 'POST';
  /** Without the query. */
  path: string;
  answer(request: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpServer {
  port: number;
  /** Accepts no more requests, and waits for current ones, at most this long (milliseconds). */
  close(graceMs?: number): Promise<void>;
}

export interface HttpOptions {
  port: number;
  /** Default `0.0.0.0`: webhooks come from outside, usually through a proxy on another address. */
  host: string;
  routes: readonly Route[];
  log: Log;
  /** Bytes of all bodies together; default 32 MiB, because this process also changes nodes. */
  bodyBudget?: number;
  /** Default 200. */
  maxConnections?: number;
  /** Default 100. */
  maxPerAddress?: number;
  /** The settings that name port and address; default `PORT or HOST`. */
  setBy?: string;
  /** Milliseconds within which a request must be complete; default 10,000. Slack and GitHub wait no longer. */
  requestMs?: number;
}

const BODY_BUDGET = 32 * 1024 * 1024;
const REQUEST_MS = 10_000;
/** Slack, GitHub and proxies send a request’s head at once. */
const HEADERS_MS = 3000;
const MAX_CONNECTIONS = 200;
/** So that one address leaves room for the others; a proxy may be all of them. */
const MAX_PER_ADDRESS = 100;

/** The HTTP server. @throws SETTINGS_INVALID if the port is not available. */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const { bodyBudget = BODY_BUDGET, requestMs = REQUEST_MS } = options;
  const server = createServer({
    headersTimeout: Math.min(HEADERS_MS, requestMs),
    requestTimeout: requestMs,
    keepAliveTimeout: 5000,
    // Node checks for timeouts only at intervals.
    connectionsCheckingInterval: Math.ceil(Math.min(HEADERS_MS, requestMs) / 5),
  });
  server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
  limitPerAddress(server, options.maxPerAddress ?? MAX_PER_ADDRESS);
  const budget = new BodyBudget(bodyBudget);
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    // Idle connections would delay closing.
    response.once('close', () => server.listening || setImmediate(() => server.closeIdleConnections()));
    void dispatch(request, response, budget, options);
  };
  server.on('request', take);
  // A client that asks first (`Expect: 100-continue`) is stopped before it sends too large a body.
  server.on('checkContinue', take);
  server.on('clientError', refuseMalformed);
  await listen(server, options);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return { port, close: (graceMs = 5000) => close(server, graceMs) };
}

function limitPerAddress(server: Server, most: number): void {
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    if (count > most) return void socket.destroy();
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
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

/** Stops reading an unfinished body: the connection ends with the answer. */
function say(response: ServerResponse, { status, body, contentType = 'text/plain; charset=utf-8' }: HttpAnswer): void {
  if (response.headersSent) return void response.end();
  const { req: request } = response;
  if (!request.complete) {
    response.setHeader('connection', 'close');
    response.once('finish', () => {
      // The client may still be sending: closing at once would lose the answer.
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

function listen(server: Server, { port, host, setBy = 'PORT or HOST' }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new RedisopsError('SETTINGS_INVALID', `The HTTP port cannot be opened: ${cause.message}`, {
          cause,
          hint: `Choose another ${setBy}, or end the program that has it.`,
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
