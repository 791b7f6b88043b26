import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { probeRoutes } from '../../src/adapters/http/probes.ts';
import type { HttpServer, Route } from '../../src/adapters/http/server.ts';
import { createMetrics } from '../../src/adapters/http/metrics.ts';
import { openPorts } from '../../src/serve/open-ports.ts';
import { readSettings } from '../../src/settings.ts';
import { quietLog } from '../adapters/quiet-log.ts';

const PATHS = ['/healthz', '/readyz', '/metrics', '/hook'];
const hook: Route = { method: 'GET', path: '/hook', answer: async () => ({ status: 200, body: 'hook' }) };

let opened: readonly HttpServer[] = [];
afterEach(() => Promise.all(opened.map((server) => server.close(100))));

async function open(environment: NodeJS.ProcessEnv): Promise<readonly HttpServer[]> {
  const log = quietLog();
  const probes = probeRoutes({ queue: () => Promise.resolve() }, createMetrics(), log);
  opened = await openPorts(readSettings({ HOST: '127.0.0.1', ...environment }), { probes, requests: [hook] }, log);
  return opened;
}

async function statuses(server: HttpServer | undefined): Promise<readonly number[]> {
  return Promise.all(PATHS.map(async (path) => (await fetch(`http://127.0.0.1:${server?.port}${path}`)).status));
}

describe('the ports', () => {
  it('both answer probes; only PORT takes requests', async () => {
    const [probes, requests] = await open({ PORT: '0', PROBE_PORT: '0' });
    expect(await statuses(probes)).toEqual([200, 200, 200, 404]);
    expect(await statuses(requests)).toEqual([200, 200, 200, 200]);
  });

  it('leave probes to PROBE_PORT if told so', async () => {
    const [probes, requests] = await open({ PORT: '0', PROBE_PORT: '0', PROBES_ON_PORT: 'no' });
    expect(await statuses(probes)).toEqual([200, 200, 200, 404]);
    expect(await statuses(requests)).toEqual([404, 404, 404, 200]);
  });

  it('are one without PROBE_PORT', async () => {
    const servers = await open({ PORT: '0' });
    expect(servers.length).toBe(1);
    expect(await statuses(servers[0])).toEqual([200, 200, 200, 200]);
  });

  it('are for probes alone in Socket Mode', async () => {
    const servers = await open({ SLACK_APP_TOKEN: 'xapp-x', PROBE_PORT: '0' });
    expect(servers.length).toBe(1);
    expect(await statuses(servers[0])).toEqual([200, 200, 200, 404]);
  });

  it('are none in Socket Mode without settings', async () => {
    expect(await open({ SLACK_APP_TOKEN: 'xapp-x' })).toEqual([]);
  });

  it('are both closed again if one is taken, which is named', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    await expect(open({ PORT: '0', PROBE_PORT: port })).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      hint: 'Choose another PROBE_PORT or PROBE_HOST, or end the program that has it.',
    });
    await expect(open({ PORT: port, PROBE_PORT: '0' })).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
    await new Promise((resolve) => taken.close(resolve));
  });
});
