import type { ConfigProblem } from '../../domain/error.ts';

/** A position; lines and columns count from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** Nobody would read more. */
const MOST_SHOWN = 50;
/** No more are looked for or kept. */
const ENOUGH = 1000;

/** Collects mistakes, to report all at once, each only once: a mistake in a group affects every host. */
export class Problems {
  readonly #found = new Map<string, ConfigProblem>();
  readonly #warnings = new Map<string, ConfigProblem>();

  add(at: Position, message: string): void {
    this.#add(at, message, {});
  }

  /** Adds a mistake of what a template prints. @param ofSecret As in `addOfSecret`. */
  addPrinted(at: Position, message: string, ofSecret: boolean): void {
    this.#add(at, message, { isPrinted: true, ...(ofSecret ? { ofSecret } : {}) });
  }

  /** Adds a mistake that depends on a secret: even its place says something of the secret. */
  addOfSecret(at: Position, message: string): void {
    this.#add(at, message, { ofSecret: true });
  }

  /** Adds mistakes that do not change what a template prints. */
  addAllPrinted(others: Problems): void {
    for (const { message, ofSecret = false, ...at } of others.found) this.addPrinted(at, message, ofSecret);
  }

  /** Adds what Ansible warns of, and still reads. */
  warn(at: Position, message: string): void {
    if (this.#warnings.size < MOST_SHOWN) this.#warnings.set(keyOf(at, message), { ...at, message });
  }

  #add({ file, line, column }: Position, message: string, kind: Pick<ConfigProblem, 'ofSecret' | 'isPrinted'>): void {
    if (this.enough) return;
    const problem = { file, line, column, message, ...kind };
    this.#found.set(keyOf(problem, message), problem);
  }

  addAll(others: Problems): void {
    for (const { message, file, line, column, ...kind } of others.#found.values())
      this.#add({ file, line, column }, message, kind);
    for (const { message, ...at } of others.warnings) this.warn(at, message);
  }

  get warnings(): readonly ConfigProblem[] {
    return inOrder(this.#warnings);
  }

  /** Those that keep a file from being printed. */
  get unprintable(): readonly ConfigProblem[] {
    return inOrder(new Map([...this.#found].filter(([, { isPrinted }]) => isPrinted !== true)));
  }

  get enough(): boolean {
    return this.#found.size >= ENOUGH;
  }

  /** By file, line and column; the first 50. */
  get found(): readonly ConfigProblem[] {
    return inOrder(this.#found);
  }
}

function keyOf({ file, line, column }: Position, message: string): string {
  return `${file}\0${line}\0${column}\0${message}`;
}

function inOrder(problems: ReadonlyMap<string, ConfigProblem>): readonly ConfigProblem[] {
  return [...problems.values()]
    .toSorted((a, b) => compareText(a.file, b.file) || a.line - b.line || a.column - b.column)
    .slice(0, MOST_SHOWN);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
