import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { answersTls } from '../../../src/adapters/redis/answers-tls.ts';

/** A fatal alert, handshake_failure (RFC 5246, 7.2). */
const ALERT = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28]);

let server: Server | null = null;

afterEach(() => server?.close());

async function asked(answer: Buffer | string): Promise<boolean> {
  server = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port.
  const { port } = server.address() as AddressInfo;
  return answersTls(connect(port, '127.0.0.1'));
}

describe('answersTls', () => {
  it.each([
    ['an alert', ALERT, true],
    ['Redis’s words', '-ERR unknown command\r\n', false],
    ['nothing', '', false],
  ])('%s: %s', async (_name, answer, isTls) => {
    expect(await asked(answer)).toBe(isTls);
  });
});
