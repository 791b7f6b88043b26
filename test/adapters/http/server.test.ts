import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { probeRoutes } from '../../../src/adapters/http/probes.ts';
import { startHttpServer, type HttpOptions, type HttpServer, type Route } from '../../../src/adapters/http/server.ts';
import { createMetrics } from '../../../src/adapters/http/metrics.ts';
import { quietLog } from '../quiet-log.ts';

const servers: HttpServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close(100)));
});

async function serve(
  routes: readonly Route[],
  log = quietLog(),
  limits: Pick<HttpOptions, 'bodyBudget' | 'requestMs'> = {},
): Promise<string> {
  const server = await startHttpServer({ port: 0, host: '127.0.0.1', routes, log, ...limits });
  servers.push(server);
  return `http://127.0.0.1:${server.port}`;
}

const echo: Route = {
  method: 'POST',
  path: '/echo',
  maxBytes: 1000,
  answer: async ({ rawBody }) => ({ status: 200, body: rawBody.toString() }),
};
const hello: Route = { method: 'GET', path: '/hello', answer: async () => ({ status: 200, body: 'hello' }) };

/** Sends bytes to the server, and returns everything it sends until it closes. */
async function speak(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let said = '';
  socket.on('data', (part: Buffer) => {
    said += part.toString();
  });
  socket.write(bytes);
  await once(socket, 'close');
  return said;
}

describe('routes', () => {
  it('get the raw body', async () => {
    const url = await serve([echo]);
    const answer = await fetch(`${url}/echo?a=b`, { method: 'POST', body: 'x'.repeat(1000) });
    expect([answer.status, await answer.text()]).toEqual([200, 'x'.repeat(1000)]);
  });

  it('are found by path and method', async () => {
    const url = await serve([echo, hello]);
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    const wrong = await fetch(`${url}/echo`);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    const head = await fetch(`${url}/hello`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('that throw answer 500 without the reason, and log it', async () => {
    const log = quietLog();
    const url = await serve(
      [{ method: 'GET', path: '/bad', answer: () => Promise.reject(new Error('inner detail')) }],
      log,
    );
    const answer = await fetch(`${url}/bad`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('inner');
    expect(log.lines).toMatchObject([{ level: 'error', fields: { path: '/bad' } }]);
  });
});

describe('a body that is too large', () => {
  it.each([
    ['by its own word, before any of it came', 'content-length: 5000000000\r\n\r\n'],
    ['asking first', 'expect: 100-continue\r\ncontent-length: 1001\r\n\r\n'],
    ['in chunks', `transfer-encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(0x3e9)}\r\n`],
  ])('is refused %s', async (_name, rest) => {
    const url = await serve([echo]);
    const said = await speak(url, `POST /echo HTTP/1.1\r\nhost: x\r\n${rest}`);
    expect(said).toMatch(/^HTTP\/1\.1 413 /);
    expect(said).toContain('BODY_TOO_LARGE');
  });
});

it.each([
  ['by its own word', 'content-length: 1\r\n\r\n'],
  ['in chunks', 'transfer-encoding: chunked\r\n\r\n1\r\nx\r\n'],
])('takes no body with GET, %s', async (_, rest) => {
  const url = await serve([hello]);
  expect(await speak(url, `GET /hello HTTP/1.1\r\nhost: x\r\n${rest}`)).toMatch(/^HTTP\/1\.1 413 /);
});

it.each([
  ['of which nothing has come', 'content-length: 900\r\n\r\n'],
  ['that asks first', 'expect: 100-continue\r\ncontent-length: 900\r\n\r\n'],
  ['that comes in chunks', 'transfer-encoding: chunked\r\n\r\n1\r\nx\r\n'],
])('refuses a request without its signature, %s', async (_, rest) => {
  const url = await serve([{ ...echo, signedBy: ['x-signature'] }]);
  const said = await speak(url, `POST /echo HTTP/1.1\r\nhost: x\r\n${rest}`);
  expect(said).toMatch(/^HTTP\/1\.1 401 [^]*SIGNATURE_INVALID/);
});

describe('the memory for all bodies together', () => {
  it('turns away what has no room, and is given back', async () => {
    const url = await serve([echo], quietLog(), { bodyBudget: 1500 });
    const { port } = new URL(url);
    const slow = connect(Number(port), '127.0.0.1');
    slow.on('error', () => {});
    slow.write(`POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n${'x'.repeat(900)}`);
    const post = async (): Promise<number> =>
      (await fetch(`${url}/echo`, { method: 'POST', body: 'y'.repeat(1000) })).status;
    await expect.poll(post, { interval: 5 }).toBe(503);
    slow.destroy();
    await expect.poll(post, { interval: 5 }).toBe(200);
    for (let round = 0; round < 5; round += 1) expect(await post()).toBe(200);
  });

  it('is not held by a body that stops coming', async () => {
    const url = await serve([echo], quietLog(), { requestMs: 50 });
    const said = await speak(url, 'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nx');
    expect(said).toMatch(/^HTTP\/1\.1 408 /);
  });
});

it('lets a client that asks first continue', async () => {
  const url = await serve([echo]);
  const head =
    'POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n';
  expect(await speak(url, `${head}hi`)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 [^]*hi$/);
});

it('survives bytes that are not HTTP', async () => {
  const url = await serve([hello]);
  expect(await speak(url, 'GARBAGE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  expect(await speak(url, `GET /hello HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`)).toMatch(/ 431 /);
  expect((await fetch(`${url}/hello`)).status).toBe(200);
});

it('answers bytes that are not HTTP while the client is still sending', async () => {
  const url = await serve([hello]);
  expect(await speak(url, `GET /hello HTTP/1.1\r\nx: ${'y'.repeat(8_000_000)}`)).toMatch(/^HTTP\/1\.1 431 /);
});

it('drops a client that never stops sending other bytes', async () => {
  const url = await serve([hello]);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const ended = new Promise((resolve) => socket.once('close', resolve).on('error', () => undefined));
  const sending = setInterval(() => socket.write('GARBAGE\r\n\r\n'), 10);
  await ended;
  clearInterval(sending);
});

it('limits an address that opens ever more connections to its share, and ends idle ones', async () => {
  const url = await serve([hello], quietLog(), { requestMs: 1000 });
  const sockets = Array.from({ length: 220 }, () =>
    connect(Number(new URL(url).port), '127.0.0.1')
      .on('error', () => undefined)
      .resume(),
  );
  const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  await vi.waitFor(() => expect(sockets.filter(({ closed: is }) => is).length).toBeGreaterThanOrEqual(120));
  // Another loopback address stands for the probe.
  const probe = connect({ port: Number(new URL(url).port), host: '127.0.0.1', localAddress: '127.0.0.2' });
  let said = '';
  probe.on('data', (part: Buffer) => (said += part.toString()));
  probe.write('GET /hello HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
  await once(probe, 'close');
  expect(said).toMatch(/^HTTP\/1\.1 200 /);
  await closed;
});

it('closes when the requests under way are answered', async () => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let arrive = (): void => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const url = await serve([
    {
      method: 'GET',
      path: '/slow',
      async answer() {
        arrive();
        await released;
        return { status: 200, body: 'done' };
      },
    },
  ]);
  const asked = fetch(`${url}/slow`);
  await arrived;
  const closed = servers.pop()?.close(10_000);
  release();
  expect(await (await asked).text()).toBe('done');
  await closed;
  await expect(fetch(`${url}/slow`)).rejects.toThrow('fetch failed');
});

it('names a port that is taken', async () => {
  const url = await serve([hello]);
  const again = startHttpServer({ port: Number(new URL(url).port), host: '127.0.0.1', routes: [], log: quietLog() });
  await expect(again).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
});

describe('probes', () => {
  it('name what is not ready, but not why', async () => {
    const log = quietLog();
    const checks = { queue: async () => undefined, slack: () => Promise.reject(new Error('inner detail')) };
    const url = await serve(probeRoutes(checks, createMetrics(), log));
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n');
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([503, 'not ready\nqueue: ok\nslack: failed\n']);
    expect(log.lines).toMatchObject([{ fields: { check: 'slack' } }]);
  });

  it('are ready when all is', async () => {
    const url = await serve(probeRoutes({ queue: async () => undefined }, createMetrics(), quietLog()));
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  it('show the metrics', async () => {
    const metrics = createMetrics();
    metrics.webhook('github', 'ignored');
    metrics.verdict('redis', 'redis-02', 'down');
    const text = await (await fetch(`${await serve(probeRoutes({}, metrics, quietLog()))}/metrics`)).text();
    expect(text).toContain('redisops_webhooks_total{source="github",outcome="ignored"} 1');
    expect(text).toContain('redisops_verdict{cluster="redis",node="redis-02",verdict="down"} 1');
    expect(text).toContain('redisops_verdict{cluster="redis",node="redis-02",verdict="healthy"} 0');
  });
});
