import type { Duplex } from 'node:stream';
import { encodedCommand, ReplyReader, type Resp } from './resp.ts';

export class NoReply extends Error {}
class ConnectionLost extends Error {}

interface Awaited {
  resolve: (reply: Resp) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/** Bytes. Every reply is parsed between two turns of the event loop; those that are asked for take kilobytes. */
export const LARGEST_REPLY = 4 * 1024 * 1024;

/** Sends commands over one stream and matches replies in order. No retries. */
export class RedisConnection {
  readonly #stream: Duplex;
  readonly #timeoutMs: number;
  readonly #reader = new ReplyReader(LARGEST_REPLY);
  readonly #awaited: Awaited[] = [];
  /** Takes the messages of a subscription. */
  #listener: ((channel: string, message: string) => void) | null = null;
  #unsent = '';
  #lost = false;

  /** @param timeoutMs Limit for each reply. */
  constructor(stream: Duplex, timeoutMs: number) {
    this.#stream = stream;
    this.#timeoutMs = timeoutMs;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    const close = (): void => this.close();
    stream.on('error', close).once('end', close).once('close', close);
    stream.on('data', (piece: Buffer) => this.#take(piece));
  }

  /** Rejects with NoReply or ConnectionLost. Commands issued together are sent in one write. */
  ask(words: readonly string[]): Promise<Resp> {
    return new Promise((resolve, reject) => {
      if (this.#lost) return reject(new ConnectionLost());
      const timer = setTimeout(() => reject(new NoReply()), this.#timeoutMs);
      this.#awaited.push({ resolve, reject, timer });
      if (this.#unsent === '') process.nextTick(() => this.#send());
      this.#unsent += encodedCommand(words);
    });
  }

  /** Resolves once the connection is lost or closed. */
  readonly ended: Promise<void>;
  #end: () => void = () => undefined;

  /** Subscribes to a pattern. From then on only PING may be asked. */
  async listen(pattern: string, listener: (channel: string, message: string) => void): Promise<Resp> {
    this.#listener = listener;
    return this.ask(['PSUBSCRIBE', pattern]);
  }

  close(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#end();
    for (const { reject, timer } of this.#awaited.splice(0)) {
      clearTimeout(timer);
      reject(new ConnectionLost());
    }
    this.#stream.destroy();
  }

  #send(): void {
    if (!this.#lost) this.#stream.write(this.#unsent);
    this.#unsent = '';
  }

  #take(piece: Buffer): void {
    try {
      for (const reply of this.#reader.read(piece)) this.#answer(reply);
    } catch {
      // Not Redis, or bytes were lost: replies can no longer be matched.
      this.close();
    }
  }

  #answer(reply: Resp): void {
    if (this.#listener && Array.isArray(reply) && reply[0] === 'pmessage')
      return this.#listener(String(reply[2]), String(reply[3]));
    const awaited = this.#awaited.shift();
    // An unexpected reply.
    if (!awaited) return this.close();
    clearTimeout(awaited.timer);
    awaited.resolve(reply);
  }
}
