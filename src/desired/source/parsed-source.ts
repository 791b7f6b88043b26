import { ConfigInvalid } from '../../domain/error.ts';
import { Recent } from './recent.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Apart } from '../../ports/apart.ts';
import type { ConfigSource } from '../../ports/git.ts';
import { Problems } from './problems.ts';
import { BYTE_ORDER_MARK } from '../../domain/text/byte-order-mark.ts';

/** Maximum characters of files kept with their parse results. */
const MOST_CHARACTERS = 1024 * 1024;
/** Maximum names in folders kept. */
const MOST_NAMES = 100_000;
/** Minimum weight, even of an empty file or folder. */
const LEAST = 64;

/** Where mistakes are reported, and the password for vaults. */
export interface FileReading {
  problems: Problems;
  vaultPassword?: Secret | undefined;
  /** Whether a byte order mark stands before the text. */
  isMarked?: boolean;
}

/** Parses a file’s text; mistakes become problems. */
export type Parse<T> = (path: string, text: string, reading: FileReading) => T | Promise<T>;

export type ReadFile<T> = { state: 'read'; value: T } | { state: 'absent' } | { state: 'unreadable' };

interface KnownFile {
  text: Promise<string | null>;
  parsed: Parsed[];
}

interface Parsed {
  parse: unknown;
  vaultPassword: Secret | undefined;
  result: Promise<{ file: ReadFile<unknown>; problems: Problems }>;
}

/**
 * A configuration repository whose files do not change during use: a commit, or a checkout at one point in time. Each
 * file is read and parsed once for all clusters. Least recently used files are dropped and read again when needed.
 */
export class ParsedSource implements ConfigSource {
  readonly revision: string;
  readonly apart: Apart | undefined;
  readonly #source: ConfigSource;
  readonly #files = new Recent<KnownFile>(MOST_CHARACTERS);
  readonly #folders = new Recent<Promise<ReadonlySet<string>>>(MOST_NAMES);

  private constructor(source: ConfigSource) {
    this.#source = source;
    this.revision = source.revision;
    this.apart = source.apart;
  }

  static of(source: ConfigSource): ParsedSource {
    return source instanceof ParsedSource ? source : new ParsedSource(source);
  }

  /** Without a byte order mark, as all but templates are read. */
  async read(path: string): Promise<string | null> {
    const text = await this.#file(path).text;
    return text?.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  }

  async list(folder: string): Promise<readonly string[]> {
    return [...(await this.names(folder))];
  }

  /** The result of `list`. */
  names(folder: string): Promise<ReadonlySet<string>> {
    const known = this.#folders.get(folder);
    if (known) return known;
    const reading = this.#source.list(folder).then((names) => new Set(names));
    this.#folders.set(folder, reading, LEAST);
    reading.then(
      ({ size }) => this.#folders.set(folder, reading, LEAST + size),
      () => this.#folders.delete(folder),
    );
    return reading;
  }

  /** An unreadable file (too large, not UTF-8) is a problem like any other. */
  async text(path: string, problems: Problems): Promise<ReadFile<string>> {
    try {
      const value = await this.read(path);
      return value === null ? { state: 'absent' } : { state: 'read', value };
    } catch (error) {
      if (!(error instanceof ConfigInvalid)) throw error;
      for (const { message, ...at } of error.problems) problems.add(at, message);
      return { state: 'unreadable' };
    }
  }

  /** The result of `parse` for a file, with the same problems on every call. @param parse Identified by reference. */
  async parse<T>(path: string, parse: Parse<T>, { problems, vaultPassword }: FileReading): Promise<ReadFile<T>> {
    const { parsed } = this.#file(path);
    let known = parsed.find((each) => each.parse === parse && isSame(each.vaultPassword, vaultPassword));
    if (!known) {
      known = { parse, vaultPassword, result: this.#parsed(path, parse, vaultPassword) };
      parsed.push(known);
    }
    const { file, problems: found } = await known.result;
    problems.addAll(found);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `result` of this entry is what this `parse` made.
    return file as ReadFile<T>;
  }

  async #parsed<T>(path: string, parse: Parse<T>, vaultPassword: Secret | undefined) {
    const problems = new Problems();
    const file = await this.text(path, problems);
    if (file.state !== 'read') return { file, problems };
    const isMarked = (await this.#file(path).text)?.startsWith(BYTE_ORDER_MARK) === true;
    const value = await parse(path, file.value, { problems, vaultPassword, isMarked });
    return { file: { state: file.state, value }, problems };
  }

  /** Failures are not cached. */
  #file(path: string): KnownFile {
    const known = this.#files.get(path);
    if (known) return known;
    const file: KnownFile = { text: this.#source.read(path), parsed: [] };
    this.#files.set(path, file, LEAST);
    file.text.then(
      (text) => this.#files.set(path, file, LEAST + (text?.length ?? 0)),
      () => this.#files.delete(path),
    );
    return file;
  }
}

function isSame(one: Secret | undefined, other: Secret | undefined): boolean {
  return one === other || (one !== undefined && one.equals(other));
}
