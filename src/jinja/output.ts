import type { Budget } from './budget.ts';
import type { Piece } from './values/secret-texts.ts';

/** A part of the output that contains a secret. */
export interface SecretPiece {
  text: string;
  /** Line of the template. */
  line: number;
  /** Offset in the output. */
  at: number;
  /** Secret only for the texts within, which are known by themselves. */
  isHeld?: boolean;
}

interface Addition {
  verbatim?: boolean;
  isHeld?: boolean;
}

/** A template’s output, with the positions of secrets. */
export class Output {
  readonly secrets: SecretPiece[] = [];
  readonly #budget: Budget;
  readonly #parts: string[] = [];
  readonly #places: { line: number; verbatim: boolean }[] = [];
  #length = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** @param how `verbatim`: whether the template contains the text literally, from that line on. */
  add(text: string, secret: boolean, line: number, { verbatim = false, isHeld = false }: Addition = {}): void {
    if (secret) this.secrets.push({ text, line, at: this.#length, ...(isHeld ? { isHeld } : {}) });
    if (text === '') return;
    this.#places.push({ line, verbatim });
    this.#length += text.length;
    this.#budget.length(text.length);
    this.#budget.within(this.#length);
    this.#parts.push(text);
  }

  /** Adds a text of which only the pieces are secret. */
  addPieces(text: string, pieces: readonly Piece[], line: number): void {
    let passed = 0;
    for (const piece of pieces) {
      this.add(text.slice(passed, piece.at), false, line);
      this.add(piece.text, true, line);
      passed = piece.at + piece.text.length;
    }
    this.add(text.slice(passed), false, line);
  }

  /** Adds an included file’s output, all attributed to the including line. */
  include(other: Output, line: number): void {
    const secretAt = new Set(other.secrets.filter(({ text }) => text !== '').map(({ at }) => at));
    const from = this.#length;
    let at = 0;
    for (const part of other.#parts) {
      this.add(part, secretAt.has(at), line);
      at += part.length;
    }
    // An empty one has no part.
    for (const piece of other.secrets)
      if (piece.text === '') this.secrets.push({ ...piece, line, at: from + piece.at });
  }

  /** The template’s line for each line of the text. */
  lines(): readonly number[] {
    const lines: number[] = [1];
    for (const [index, { line, verbatim }] of this.#places.entries()) {
      const part = this.#parts[index] ?? '';
      if (index === 0 || this.#parts[index - 1]?.endsWith('\n') === true) lines[lines.length - 1] = line;
      let passed = 0;
      for (let at = part.indexOf('\n'); at !== -1; at = part.indexOf('\n', at + 1)) {
        passed += 1;
        lines.push(verbatim ? line + passed : line);
      }
    }
    return lines;
  }

  get text(): string {
    return this.#parts.join('');
  }

  /** Whether any part contains a secret, even if it came out empty. */
  get isSecret(): boolean {
    return this.secrets.length > 0;
  }
}
