import type { IncomingMessage, ServerResponse } from 'node:http';

/** The body, unless it is larger than allowed (then the rest is left unread) or the client went away. */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
): Promise<Buffer | 'too large' | 'gone'> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return 'too large';
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
  const parts: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= maxBytes) return void parts.push(part);
      request.pause();
      request.removeAllListeners('data');
      resolve('too large');
    });
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('error', () => resolve('gone'));
    request.once('close', () => resolve('gone'));
  });
}
