import type { Budget } from '../budget.ts';
import { TemplateMistake } from '../mistake.ts';
import { Dict, List, type Value } from './value.ts';

/**
 * How secret a value is. A stored one stands in a file as it is: that it exists, or is empty, is no secret. Everything
 * about a derived one is. Of one with pieces, which a template made of clear text and secrets, only the pieces are secret.
 */
export type Secrecy = 'stored' | 'pieces' | 'derived' | null;

/** A part of a text that is a secret. */
export interface Piece {
  at: number;
  text: string;
}

/** Two secrets in one: neither says any more what of it may be known. */
export function together(one: Secrecy, other: Secrecy): Secrecy {
  if (one === null || other === null) return one ?? other;
  return one === other ? one : 'derived';
}

/** Shorter texts made from a secret would match everywhere. */
const SHORTEST_DERIVED = 4;

/** Secrets seen by templates, and texts made from them. */
export class SecretTexts {
  readonly #texts = new Map<string, 'stored' | 'derived'>();
  readonly #pieces = new Map<string, readonly Piece[]>();

  add(text: string, secrecy: 'stored' | 'derived'): void {
    if (text === '' || this.#texts.has(text)) return;
    if (secrecy === 'stored' || text.length >= SHORTEST_DERIVED) this.#texts.set(text, secrecy);
  }

  /** Adds a text of which only these pieces are secret. @returns Whether it is one: not if nothing of it is clear. */
  addPieces(text: string, pieces: readonly Piece[]): boolean {
    const hidden = pieces.reduce((sum, piece) => sum + piece.text.length, 0);
    if (hidden >= text.trim().length || this.#texts.get(text) === 'stored') return false;
    this.add(text, 'derived');
    this.#pieces.set(text, pieces);
    return true;
  }

  piecesOf(text: string): readonly Piece[] | undefined {
    return this.#pieces.get(text);
  }

  get all(): readonly string[] {
    return [...this.#texts.keys()];
  }

  /** How secret the value is, by the texts that it is or contains. */
  of(value: Value, budget: Budget, depth = 0): Secrecy {
    if (typeof value === 'string') return this.#pieces.has(value) ? 'pieces' : (this.#texts.get(value) ?? null);
    if (this.#texts.size === 0) return null;
    budget.spend();
    if (depth > 60) throw new TemplateMistake('is nested too deeply');
    const inner = value instanceof List ? value.items : value instanceof Dict ? [...value.entries()].flat() : [];
    let secrecy: Secrecy = null;
    for (const each of inner) {
      const own = this.of(each, budget, depth + 1);
      if (own === 'derived') return own;
      secrecy = together(secrecy, own);
    }
    return secrecy;
  }
}
