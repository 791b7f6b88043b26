/** An error reply. A value, because it may be an element of an array, as in a transaction’s reply. */
export class ErrorReply {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

export type Resp = string | number | null | ErrorReply | readonly Resp[];

/** Far above any expected reply. Bytes, and array depth. */
const LONGEST_LINE = 65_536;
/** For one reply with all its elements. A compromised node can send anything. */
const LARGEST_REPLY = 32 * 1024 * 1024;
const MOST_ELEMENTS = 50_000;
const DEEPEST = 8;

/** A command in RESP: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export function encodedCommand(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/**
 * Reads RESP 2 replies from chunks of any size. Examines each byte once: a reply in many chunks takes no longer than in
 * one.
 */
export class ReplyReader {
  readonly #largest: number;
  #bytes = Buffer.alloc(0);
  #at = 0;
  readonly #pieces: Buffer[] = [];
  #waiting = 0;
  /** Bytes of the current reply that were taken before the buffered ones. */
  #taken = 0;
  /** Elements of the current reply, at every depth. */
  #elements = 0;
  readonly #replies = this.#endless();

  /** @param largest Bytes of one reply. */
  constructor(largest = LARGEST_REPLY) {
    this.#largest = largest;
  }

  /** @throws Error for an invalid reply; the stream is unusable from there on. */
  read(piece: Buffer): readonly Resp[] {
    this.#pieces.push(piece);
    this.#waiting += piece.length;
    const replies: Resp[] = [];
    for (;;) {
      const { value } = this.#replies.next();
      if (value === undefined) break;
      replies.push(value);
      this.#taken = 0;
      this.#elements = 0;
    }
    if (this.#taken + this.#left() > this.#largest) throw new Error('the reply is too large');
    return replies;
  }

  /** Yields undefined if more bytes are needed. */
  *#endless(): Generator<Resp | undefined, never, void> {
    for (;;) yield yield* this.#reply(0);
  }

  *#reply(depth: number): Generator<undefined, Resp, void> {
    const line = yield* this.#line();
    const rest = line.slice(1);
    switch (line.charAt(0)) {
      case '+':
        return rest;
      case '-':
        return new ErrorReply(rest);
      case ':':
        return whole(rest);
      case '$': {
        const length = lengthOf(rest, this.#largest);
        return length === -1 ? null : yield* this.#text(length);
      }
      case '*': {
        const count = lengthOf(rest, MOST_ELEMENTS);
        return count === -1 ? null : yield* this.#array(count, depth + 1);
      }
      default:
        throw new Error('what came is no reply of Redis');
    }
  }

  *#array(count: number, depth: number): Generator<undefined, readonly Resp[], void> {
    if (depth > DEEPEST) throw new Error('the reply is nested too deep');
    const elements: Resp[] = [];
    this.#elements += count;
    if (this.#elements > MOST_ELEMENTS) throw new Error('the reply has too many elements');
    for (let index = 0; index < count; index += 1) elements.push(yield* this.#reply(depth));
    return elements;
  }

  *#text(length: number): Generator<undefined, string, void> {
    while (this.#left() < length + 2) yield;
    this.#join();
    const text = this.#bytes.toString('utf8', this.#at, this.#at + length);
    this.#at += length + 2;
    this.#taken += length + 2;
    return text;
  }

  *#line(): Generator<undefined, string, void> {
    let looked = 0;
    for (;;) {
      this.#join();
      const end = this.#bytes.indexOf('\r\n', this.#at + looked);
      if (end !== -1) {
        const line = this.#bytes.toString('utf8', this.#at, end);
        this.#taken += end + 2 - this.#at;
        this.#at = end + 2;
        return line;
      }
      // The line ending may be split between chunks.
      looked = Math.max(0, this.#left() - 1);
      if (looked > LONGEST_LINE) throw new Error('the reply’s line does not end');
      yield;
    }
  }

  #left(): number {
    return this.#bytes.length - this.#at + this.#waiting;
  }

  #join(): void {
    if (this.#pieces.length === 0) return;
    this.#bytes = Buffer.concat([this.#bytes.subarray(this.#at), ...this.#pieces]);
    this.#at = 0;
    this.#pieces.length = 0;
    this.#waiting = 0;
  }
}

function whole(text: string): number {
  if (/^-?\d{1,19}$/.test(text)) return Number(text);
  throw new Error('the reply is no number');
}

/** −1 for a null reply. */
function lengthOf(text: string, most: number): number {
  const length = whole(text);
  if (length >= -1 && length <= most) return length;
  throw new Error('the reply’s length makes no sense');
}
