import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';

export interface ScriptedAnswer {
  status?: number;
  headers?: Readonly<Record<string, string>>;
  json?: unknown;
}

/** An HTTP server that answers with the function’s result; null: never. */
export async function startAnswering(
  answer: (path: string, request: IncomingMessage) => ScriptedAnswer | null,
): Promise<{ url: string; asked: string[]; close(): Promise<void> }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume();
    const given = answer(request.url ?? '', request);
    if (!given) return;
    response.writeHead(given.status ?? 200, { 'content-type': 'application/json', ...given.headers });
    response.end(JSON.stringify(given.json ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
