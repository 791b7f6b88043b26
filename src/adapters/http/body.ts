import type { IncomingMessage, ServerResponse } from 'node:http';

/** Bytes of bodies that all requests together may hold in memory. */
export class BodyBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** False: there is no room for them, and none was taken. */
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
 * The body, unless it is larger than allowed or there is no room (then the rest is left unread), or the client went away.
 * Its bytes count against the budget as they come, until the request is answered or gone.
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
