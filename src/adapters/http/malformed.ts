import type { Duplex } from 'node:stream';

/** Node’s own answers, by the parser’s code (`socketOnError` in lib/_http_server.js). */
const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
const BAD_REQUEST = '400 Bad Request';
const DRAIN_MS = 1000;

/**
 * Answers bytes that are not a request, and closes the connection. First drains what the client is still sending:
 * closing a socket with unread data resets the connection, and the client loses the answer.
 */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  // Called again for every further chunk.
  if (!socket.writable) return;
  socket.end(`HTTP/1.1 ${STATUS[error.code ?? ''] ?? BAD_REQUEST}\r\nConnection: close\r\n\r\n`);
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), DRAIN_MS);
  socket.once('close', () => clearTimeout(timer));
}
