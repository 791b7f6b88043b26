import { createServer } from 'node:http';
import { once } from 'node:events';

export interface Recorder {
  /** What was sent, as it was sent: method and path, then the body. */
  sent: readonly string[];
  /** Answers the URL that stands for `url` from now on. */
  before(url: string): Promise<string>;
  close(): Promise<void>;
}

/** Stands between a program and what it talks to over HTTP, passes everything on, and keeps what the program says. */
export function startRecorder(): Recorder {
  const sent: string[] = [];
  const servers: ReturnType<typeof createServer>[] = [];
  return {
    sent,
    async before(url) {
      const { origin, pathname } = new URL(url);
      const server = createServer((request, response) => {
        void (async () => {
          const body = Buffer.concat(await request.toArray());
          const { method = 'GET', url: path = '/' } = request;
          sent.push(`${method} ${path}\n${body.toString()}`);
          const headers = Object.entries(request.headersDistinct).flatMap(([name, values = []]) =>
            HOP_BY_HOP.includes(name) ? [] : values.map((value): [string, string] => [name, value]),
          );
          const answer = await fetch(origin + path, {
            method,
            headers,
            ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
          });
          const type = answer.headers.get('content-type') ?? 'application/octet-stream';
          response.writeHead(answer.status, { 'content-type': type });
          // Where a file is to be uploaded to is said in an answer: it comes by here, too.
          const text = Buffer.from(await answer.arrayBuffer());
          response.end(text.toString().replaceAll(/https?:\/\/[\w.]+:\d+(?=\/upload\/)/g, own()));
        })().catch((error: unknown) => {
          response.writeHead(502);
          response.end(String(error));
        });
      });
      const own = (): string => {
        const address = server.address();
        return typeof address === 'object' ? `http://127.0.0.1:${address?.port ?? 0}` : '';
      };
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      servers.push(server);
      return own() + pathname.replace(/^\/$/, '');
    },
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

const HOP_BY_HOP = ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding', 'keep-alive'];
