import type { Budget } from '../budget.ts';
import { TemplateMistake } from '../mistake.ts';
import { Dict, List, type Value } from './value.ts';

/** Secrets seen by templates, and texts made from them. */
export class SecretTexts {
  readonly #texts = new Set<string>();

  add(text: string): void {
    if (text !== '') this.#texts.add(text);
  }

  get all(): readonly string[] {
    return [...this.#texts];
  }

  /** Whether the value is, or contains, a secret. */
  holds(value: Value, budget: Budget, depth = 0): boolean {
    if (typeof value === 'string') return this.#texts.has(value);
    if (this.#texts.size === 0) return false;
    budget.spend();
    if (depth > 60) throw new TemplateMistake('is nested too deeply');
    const inner = value instanceof List ? value.items : value instanceof Dict ? [...value.entries()].flat() : [];
    return inner.some((each) => this.holds(each, budget, depth + 1));
  }
}
