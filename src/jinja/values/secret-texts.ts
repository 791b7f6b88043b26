import type { Budget } from '../budget.ts';
import { TemplateMistake } from '../mistake.ts';
import { Dict, List, type Value } from './value.ts';

/**
 * How secret a value is. A stored one stands in a file as it is: that it exists, or is empty, is no secret. Everything
 * about a derived one is.
 */
export type Secrecy = 'stored' | 'derived' | null;

/** Shorter texts made from a secret would match everywhere. */
const SHORTEST_DERIVED = 4;

/** Secrets seen by templates, and texts made from them. */
export class SecretTexts {
  readonly #texts = new Map<string, 'stored' | 'derived'>();

  add(text: string, secrecy: 'stored' | 'derived'): void {
    if (text === '' || this.#texts.has(text)) return;
    if (secrecy === 'stored' || text.length >= SHORTEST_DERIVED) this.#texts.set(text, secrecy);
  }

  get all(): readonly string[] {
    return [...this.#texts.keys()];
  }

  /** How secret the value is, by the texts that it is or contains. */
  of(value: Value, budget: Budget, depth = 0): Secrecy {
    if (typeof value === 'string') return this.#texts.get(value) ?? null;
    if (this.#texts.size === 0) return null;
    budget.spend();
    if (depth > 60) throw new TemplateMistake('is nested too deeply');
    const inner = value instanceof List ? value.items : value instanceof Dict ? [...value.entries()].flat() : [];
    let secrecy: Secrecy = null;
    for (const each of inner) {
      const own = this.of(each, budget, depth + 1);
      if (own === 'derived') return own;
      secrecy ??= own;
    }
    return secrecy;
  }
}
