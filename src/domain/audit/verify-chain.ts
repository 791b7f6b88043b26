import { isGenuine, type AuditHead, type ChainedEntry } from './chain.ts';

/** A line of the file. */
export interface AuditLine {
  text: string;
  file: string;
  /** Counts from 1. */
  line: number;
  /** Null if it cannot be read as an entry. */
  entry: ChainedEntry | null;
}

/** A head that was kept elsewhere than in the lines, and where. */
export interface KeptHead extends AuditHead {
  kept: string;
}

/** What is wrong with the chain, in the order of the entries. */
export interface AuditProblem {
  entry: number;
  message: string;
}

/** Checks one line after the other; then, by `end`, whether the last ones are there. */
export class ChainCheck {
  readonly problems: AuditProblem[] = [];
  /** The hash is null where a line could not be read. */
  #last: { number: number; hash: string | null } | null = null;
  readonly #heads: readonly KeptHead[];
  readonly #hashes = new Map<number, string>();

  constructor(heads: readonly KeptHead[]) {
    this.#heads = heads;
  }

  add({ text, file, line, entry }: AuditLine): void {
    const expected = (this.#last?.number ?? 0) + 1;
    const place = `${file}, line ${line}`;
    if (!entry) {
      this.#last = { number: expected, hash: null };
      return this.#say(expected, `entry ${expected} cannot be read: ${place}`);
    }
    const { number, previous, hash } = entry;
    if (number > expected) this.#say(expected, `${missing(expected, number - 1)} missing before ${place}`);
    if (number < expected) this.#say(number, `entry ${number} is out of its place: ${place}`);
    if (!isGenuine(text)) this.#say(number, `entry ${number} was changed: ${place}`);
    else if (number === expected && this.#last?.hash !== null && previous !== (this.#last?.hash ?? null))
      this.#say(number, `entry ${number} does not follow the one before, so one of the two was replaced: ${place}`);
    if (this.#heads.some((head) => head.number === number)) this.#hashes.set(number, hash);
    if (number >= expected) this.#last = { number, hash };
  }

  /** @returns all problems. */
  end(): readonly AuditProblem[] {
    const last = this.#last?.number ?? 0;
    for (const { kept, number, hash } of this.#heads) {
      if (number > last) this.#say(last + 1, `${missing(last + 1, number)} cut from the end: ${kept} has them`);
      else if (this.#hashes.get(number) !== hash) this.#say(number, `entry ${number} is not the one that ${kept} has`);
    }
    return this.problems;
  }

  #say(entry: number, message: string): void {
    this.problems.push({ entry, message });
  }
}

function missing(first: number, last: number): string {
  return first === last ? `entry ${first} is` : `entries ${first} to ${last} are`;
}
