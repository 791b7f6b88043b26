import type { Budget } from './budget.ts';

/** A piece of the output that a secret went into. */
export interface SecretPiece {
  text: string;
  /** Of the template. */
  line: number;
  /** Where it begins in the output. */
  at: number;
}

/** What a template writes, with the places of secrets. */
export class Output {
  readonly secrets: SecretPiece[] = [];
  readonly #budget: Budget;
  readonly #parts: string[] = [];
  #length = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  add(text: string, secret: boolean, line: number): void {
    if (text === '') return;
    if (secret) this.secrets.push({ text, line, at: this.#length });
    this.#length += text.length;
    this.#budget.length(this.#length);
    this.#parts.push(text);
  }

  get text(): string {
    return this.#parts.join('');
  }

  /** How often something was written: Ansible treats a single piece no other than several. */
  get isSecret(): boolean {
    return this.secrets.length > 0;
  }
}
