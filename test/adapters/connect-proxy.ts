import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface ConnectProxy {
  url: string;
  /** `host:port` of each requested tunnel, and its `Proxy-Authorization`. */
  tunnels: readonly { to: string; by: string | undefined }[];
  close(): Promise<void>;
}

/** An HTTP proxy on loopback that opens tunnels (RFC 9110, 9.3.6), or refuses them with this status. */
export async function startConnectProxy(refusal: number | null = null): Promise<ConnectProxy> {
  const tunnels: { to: string; by: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const kept = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined);
  };
  const server = createServer((_, response) => response.writeHead(501).end());
  server.on('connection', kept);
  server.on('connect', (request, client: Socket) => {
    const { url: to = '', headers } = request;
    tunnels.push({ to, by: headers['proxy-authorization'] });
    if (refusal !== null) return void client.end(`HTTP/1.1 ${refusal} Refused\r\nContent-Length: 0\r\n\r\n`);
    const [host, port] = to.split(':');
    const target = kept(connect(Number(port), host));
    target.on('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://bot:canary-of-proxy@127.0.0.1:${port}`,
    tunnels,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
