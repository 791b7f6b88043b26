import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { probeRoutes } from '../../src/adapters/http-probes.ts';
import { startHttpServer, type HttpServer, type Route } from '../../src/adapters/http-server.ts';
import { createMetrics } from '../../src/adapters/metrics.ts';
import { quietLog } from './quiet-log.ts';

const servers: HttpServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close(100)));
});

async function serve(routes: readonly Route[], log = quietLog()): Promise<string> {
  const server = await startHttpServer({ port: 0, host: '127.0.0.1', routes, log, maxBytes: 1000 });
  servers.push(server);
  return `http://127.0.0.1:${server.port}`;
}

const echo: Route = {
  method: 'POST',
  path: '/echo',
  answer: async ({ rawBody }) => ({ status: 200, body: rawBody.toString() }),
};
const hello: Route = { method: 'GET', path: '/hello', answer: async () => ({ status: 200, body: 'hello' }) };

/** Says the bytes to the server, and answers all that it says until it closes. */
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

  it('may be a listener', async () => {
    const url = await serve([
      { method: 'POST', path: '/raw', listener: (_request, response) => void response.end('by itself') },
    ]);
    expect(await (await fetch(`${url}/raw`, { method: 'POST' })).text()).toBe('by itself');
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

it('lets a client that asks first go on', async () => {
  const url = await serve([echo]);
  const head =
    'POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n';
  expect(await speak(url, `${head}hi`)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 [^]*hi$/);
});

it('survives what is not HTTP', async () => {
  const url = await serve([hello]);
  expect(await speak(url, 'GARBAGE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  expect(await speak(url, `GET /hello HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`)).toMatch(/ 431 /);
  expect((await fetch(`${url}/hello`)).status).toBe(200);
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
  it('say what is not ready, and not why', async () => {
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
