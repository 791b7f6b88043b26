const MOST_NOISE = 4096;
const LONGEST_STATUS = 8;
const NOTHING = Buffer.alloc(0);

/**
 * Separates a script’s output from the session’s: it is between two copies of a nonce. A login shell, its ~/.bashrc,
 * sudo or a banner may print before and after.
 */
export class Framed {
  readonly #nonce: Buffer;
  readonly #begins: () => void;
  /** Copies of the nonce seen so far. */
  #seen = 0;
  /** Possibly the beginning of the next copy. */
  #held: Buffer = NOTHING;
  #noise = '';
  #after = '';

  /** @param begins Called once, when the script begins. */
  constructor(nonce: string, begins: () => void = () => {}) {
    this.#nonce = Buffer.from(nonce);
    this.#begins = begins;
  }

  /** Whether the script has begun. */
  get began(): boolean {
    return this.#seen > 0;
  }

  /** The start of the output before the script. */
  get noise(): string {
    return this.#noise;
  }

  /** Whether the script has ended. */
  get ended(): boolean {
    return this.#seen > 1;
  }

  /** The exit status that a root shell prints when it stays for the next script; null until then. */
  get status(): number | null {
    const [, status] = /^(\d{1,3})\n/.exec(this.#after) ?? [];
    return status === undefined ? null : Number(status);
  }

  /** The script’s own part of a chunk. */
  take(chunk: Buffer): Buffer {
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    let own: Buffer = NOTHING;
    for (;;) {
      const at = rest.indexOf(this.#nonce);
      const piece = at === -1 ? rest.subarray(0, rest.length - this.#beginningAtEndOf(rest)) : rest.subarray(0, at);
      if (this.#seen === 0) this.#keepNoise(piece);
      if (this.#seen === 1) own = piece;
      if (this.#seen > 1 && this.#after.length < LONGEST_STATUS) this.#after += piece.toString('latin1');
      if (at === -1) {
        this.#held = rest.subarray(piece.length);
        return own;
      }
      this.#seen += 1;
      if (this.#seen === 1) this.#begins();
      rest = rest.subarray(at + this.#nonce.length);
    }
  }

  /** Held-back bytes, once nothing more comes: the end of a script that was cut off. */
  end(): Buffer {
    const held = this.#held;
    this.#held = NOTHING;
    if (this.#seen === 0) this.#keepNoise(held);
    return this.#seen === 1 ? held : NOTHING;
  }

  #keepNoise(piece: Buffer): void {
    if (this.#noise.length < MOST_NOISE) this.#noise += piece.subarray(0, MOST_NOISE).toString('utf8');
  }

  /** Number of trailing bytes that may be the beginning of a nonce. */
  #beginningAtEndOf(bytes: Buffer): number {
    let length = Math.min(this.#nonce.length - 1, bytes.length);
    while (length > 0 && !bytes.subarray(bytes.length - length).equals(this.#nonce.subarray(0, length))) length -= 1;
    return length;
  }
}
