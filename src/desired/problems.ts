import type { ConfigProblem } from '../domain/error.ts';

/** Where something stands; lines and columns count from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** Collects mistakes, so that all are reported at once. */
export class Problems {
  readonly #found: ConfigProblem[] = [];

  add(at: Position, message: string): void {
    this.#found.push({ file: at.file, line: at.line, column: at.column, message });
  }

  get found(): readonly ConfigProblem[] {
    return this.#found.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
  }
}

/** Text from a file, short and printable enough to stand in a message. */
export function shown(text: string): string {
  const printable = text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/g, '�');
  return `“${printable.length > 60 ? `${printable.slice(0, 60)}…` : printable}”`;
}
