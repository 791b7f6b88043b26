import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { boundedFetch } from '../../../src/adapters/http/bounded-fetch.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const LIMIT = 1000;

async function ask(answer: RequestListener): Promise<Response> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return boundedFetch(undefined, LIMIT)(`http://127.0.0.1:${(server.address() as AddressInfo).port}/place`);
}

describe('an answer', () => {
  it('within the limit arrives whole, with status, headers and URL', async () => {
    const answer = await ask((_, response) => response.writeHead(201, { etag: '"x"' }).end('y'.repeat(LIMIT)));
    expect([answer.status, answer.headers.get('etag'), new URL(answer.url).pathname]).toEqual([201, '"x"', '/place']);
    expect(await answer.text()).toBe('y'.repeat(LIMIT));
  });

  it.each([204, 304])('of status %i has no body', async (status) => {
    expect((await ask((_, response) => response.writeHead(status).end())).status).toBe(status);
  });

  it.each<[string, RequestListener]>([
    ['says so', (_, response) => response.writeHead(200, { 'content-length': 5_000_000_000 }).write('x')],
    ['does not say so', (_, response) => response.end('x'.repeat(LIMIT + 1))],
    [
      'is compressed',
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(5_000_000))),
    ],
    [
      'never ends',
      (_, response) => {
        const more = (): void => {
          if (!response.destroyed) response.write('x'.repeat(500), () => setImmediate(more));
        };
        more();
      },
    ],
  ])('that is longer is not read further, if it %s', async (_what, answer) => {
    await expect(ask(answer)).rejects.toThrow(new TypeError('the answer has more than 1000 bytes'));
  });
});
