import { startHttpServer, type HttpServer, type Route } from '../adapters/http/server.ts';
import type { Log } from '../ports/log.ts';
import { httpPort, probePort, type Settings } from '../settings.ts';

/** Monitoring needs few connections, and no body. */
const PROBES = { maxConnections: 64, maxPerAddress: 32, requestMs: 5000, setBy: 'PROBE_PORT or PROBE_HOST' };

/**
 * PORT for requests, PROBE_PORT for probes and metrics: filling PORT with connections does not make the program look
 * dead. @throws SETTINGS_INVALID if a port is not available.
 */
export async function openPorts(
  settings: Settings,
  { probes, requests }: { probes: readonly Route[]; requests: readonly Route[] },
  log: Log,
): Promise<readonly HttpServer[]> {
  const [port, own] = [httpPort(settings), probePort(settings)];
  const opened: HttpServer[] = [];
  const start = async (...options: Parameters<typeof startHttpServer>): Promise<number> => {
    const server = await startHttpServer(...options);
    opened.push(server);
    return server.port;
  };
  try {
    const probed =
      own === null
        ? {}
        : { probePort: await start({ ...PROBES, port: own, host: settings.PROBE_HOST, routes: probes, log }) };
    const routes = settings.PROBES_ON_PORT === 'yes' ? [...probes, ...requests] : requests;
    if (port === null) log.info(probed, 'no port is open for requests: Slack uses Socket Mode, GitHub is polled');
    else log.info({ port: await start({ port, host: settings.HOST, routes, log }), ...probed }, 'listening');
    return opened;
  } catch (error) {
    await Promise.all(opened.map((server) => server.close(0)));
    throw error;
  }
}
