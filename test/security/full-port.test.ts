import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/adapters/http/metrics.ts';
import { probeRoutes } from '../../src/adapters/http/probes.ts';
import type { HttpServer, Route } from '../../src/adapters/http/server.ts';
import { openPorts } from '../../src/serve/open-ports.ts';
import { readSettings } from '../../src/settings.ts';
import { quietLog } from '../adapters/quiet-log.ts';

const hook: Route = {
  method: 'POST',
  path: '/hook',
  maxBytes: 1_000_000,
  answer: async ({ rawBody }) => ({ status: 200, body: String(rawBody.length) }),
};
const CONNECTIONS = 300;

let opened: readonly HttpServer[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(opened.map((server) => server.close(100)));
});

/** Fills a port and keeps it full: a connection that is closed is made again. */
function fill(port: number, bytes: string, addresses: number): void {
  const open = (index: number): void => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${(index % addresses) + 1}` });
    sockets[index] = socket;
    if (bytes !== '') socket.write(bytes);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      if (sockets[index] === socket) setTimeout(() => sockets[index] === socket && open(index), 20).unref();
    });
  };
  for (let index = 0; index < CONNECTIONS; index += 1) open(index);
}

async function statusOf(port: number, path: string): Promise<number | string> {
  const signal = AbortSignal.timeout(2000);
  return fetch(`http://127.0.0.1:${port}${path}`, { signal }).then(
    (answer) => answer.status,
    () => 'no answer',
  );
}

describe('an attacker who fills PORT', () => {
  it.each([
    ['idle connections of one address', '', 1],
    ['idle connections of many addresses', '', 60],
    ['headers that never end', 'POST /hook HTTP/1.1\r\nhost: x\r\nx-slow: ', 60],
    ['bodies that never end', 'POST /hook HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nx', 60],
  ])('with %s does not make the program look dead', async (_what, bytes, addresses) => {
    const log = quietLog();
    const probes = probeRoutes({ queue: () => Promise.resolve() }, createMetrics(), log);
    const settings = readSettings({ HOST: '127.0.0.1', PORT: '0', PROBE_PORT: '0' });
    opened = await openPorts(settings, { probes, requests: [hook] }, log);
    const [own, port] = opened.map((server) => server.port);
    fill(port ?? 0, bytes, addresses);
    if (addresses > 2) await expect.poll(() => statusOf(port ?? 0, '/healthz'), { interval: 50 }).toBe('no answer');
    for (const path of ['/healthz', '/readyz', '/metrics', '/healthz', '/readyz', '/metrics'])
      expect([path, await statusOf(own ?? 0, path)]).toEqual([path, 200]);
    // The attacker leaves, or is turned away: PORT answers again.
    for (const socket of sockets.splice(0)) socket.destroy();
    await expect.poll(() => statusOf(port ?? 0, '/healthz'), { timeout: 20_000 }).toBe(200);
  });

  it('cannot fill PROBE_PORT from one address', async () => {
    const log = quietLog();
    const probes = probeRoutes({}, createMetrics(), log);
    opened = await openPorts(readSettings({ SLACK_APP_TOKEN: 'x', PROBE_PORT: '0' }), { probes, requests: [] }, log);
    const port = opened[0]?.port ?? 0;
    const idle = Array.from({ length: CONNECTIONS }, () =>
      connect({ port, host: '127.0.0.1', localAddress: '127.0.0.9' }).on('error', () => undefined),
    );
    sockets.push(...idle);
    await expect.poll(() => idle.filter((socket) => socket.destroyed).length).toBeGreaterThan(CONNECTIONS - 65);
    expect(await statusOf(port, '/healthz')).toBe(200);
  });
});
