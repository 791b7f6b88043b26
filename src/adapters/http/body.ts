import type { IncomingMessage, ServerResponse } from 'node:http';

/** Limits the bytes of all request bodies in memory together. */
export class BodyBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** False if there is no room; nothing is taken then. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#left += bytes;
  }
}

/**
 * Reads the body, unless it is too large, there is no room (the rest stays unread), or the client disconnects. Its
 * bytes count against the budget until the request is answered or gone.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  { maxBytes, budget }: { maxBytes: number; budget: BodyBudget },
): Promise<Buffer | 'too large' | 'no room' | 'gone'> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return 'too large';
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
  const parts: Buffer[] = [];
  let length = 0;
  response.once('close', () => {
    budget.give(length);
    length = 0;
  });
  return new Promise((resolve) => {
    const leave = (why: 'too large' | 'no room'): void => {
      request.pause();
      request.removeAllListeners('data');
      parts.length = 0;
      resolve(why);
    };
    request.on('data', (part: Buffer) => {
      if (length + part.length > maxBytes) return leave('too large');
      if (!budget.take(part.length)) return leave('no room');
      length += part.length;
      parts.push(part);
    });
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('error', () => resolve('gone'));
    request.once('close', () => resolve('gone'));
  });
}
