import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** One address for several repositories, as GitHub has: by path; what is of no repository goes to the first. */
export async function startFrontDoor(
  repositories: readonly { repository: string; url: string }[],
  { port = 0, host = '127.0.0.1' }: { port?: number; host?: string } = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void (async () => {
      const path = request.url ?? '/';
      const place = repositories.find(({ repository }) => path.startsWith(`/repos/${repository}/`)) ?? repositories[0];
      const bytes = await buffer(request);
      const headers = new Headers();
      for (const name of ['authorization', 'content-type', 'accept', 'if-none-match']) {
        const value = request.headers[name];
        if (typeof value === 'string') headers.set(name, value);
      }
      const body = bytes.length > 0 ? { body: new Uint8Array(bytes) } : {};
      const answer = await fetch(`${place?.url}${path}`, { method: request.method ?? 'GET', headers, ...body });
      const text = Buffer.from(await answer.arrayBuffer());
      const own = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];
      const kept = [...answer.headers].filter(([name]) => !own.includes(name));
      response.writeHead(answer.status, Object.fromEntries(kept)).end(text);
    })().catch((error: unknown) => response.writeHead(502).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host}:${bound}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
