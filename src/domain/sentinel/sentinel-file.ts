import type { Endpoint } from '../replication/endpoint.ts';
import { SensitiveText, type Secret } from '../secret.ts';
import { quoteArgument } from '../text/arguments.ts';
import { isSentinelState, statementsOf, unreadableLines, type Statement } from './statements.ts';

/** Where Sentinel listens without `port`. */
export const SENTINEL_PORT = 26_379;

/** The first line of a sentinel.conf that redisops wrote: only such a Sentinel is stopped when Git turns Sentinel off. */
export const SET_UP =
  '# Set up by redisops. Sentinel writes this file: redisops changes its settings one by one, and leaves its state.';

/** `sentinel monitor NAME HOST PORT QUORUM`. */
export interface Monitor {
  master: string;
  host: string;
  port: number;
  quorum: number;
}

/**
 * sentinel.conf as a value. Sentinel rewrites its file: its order and comments mean nothing, and the part that Sentinel
 * writes itself (`myid`, epochs, `known-*`, the monitored address) is state. Git owns the settings only.
 */
export class SentinelFile extends SensitiveText {
  readonly #statements: readonly Statement[];

  private constructor(text: SensitiveText) {
    super(text.reveal(), SensitiveText.secretsOf(text));
    this.#statements = statementsOf(text.reveal());
  }

  static parse(text: SensitiveText): SentinelFile {
    return text instanceof SentinelFile ? text : new SentinelFile(text);
  }

  /** As scripts on a node print it: in Base64. */
  static decode(base64: string, secrets: readonly Secret[] = []): SentinelFile {
    return new SentinelFile(new SensitiveText(Buffer.from(base64, 'base64').toString('utf8'), secrets));
  }

  get statements(): readonly Statement[] {
    return this.#statements;
  }

  get monitors(): readonly Monitor[] {
    return this.#statements
      .filter(({ name, words }) => name === 'sentinel monitor' && words.length === 4)
      .map(({ words: [master = '', host = '', port = '', quorum = ''] }) => {
        return { master, host, port: Number(port), quorum: Number(quorum) };
      });
  }

  /** Words of the last statement of that name; null if there is none. */
  words(name: string): readonly string[] | null {
    return this.#statements.findLast((each) => each.name === name)?.words ?? null;
  }

  /** A master’s setting, such as `down-after-milliseconds`; null if the file does not set it. */
  ofMaster(master: string, setting: string): string | null {
    const found = this.#statements.findLast(
      ({ name, words }) => name === `sentinel ${setting}` && words[0] === master && words.length === 2,
    );
    return found?.words[1] ?? null;
  }

  /** Whether redisops wrote it. Sentinel keeps comments. */
  get isOurs(): boolean {
    return this.reveal().includes(SET_UP);
  }

  /** Lines with which Sentinel would not start: unclosed quotes, or a password of several words. From 1. */
  get brokenLines(): readonly number[] {
    const passwords = this.#statements.filter(({ name, words }) => name === 'sentinel auth-pass' && words.length !== 2);
    return [...unreadableLines(this.reveal()), ...passwords.map(({ line }) => line)];
  }

  get port(): number {
    return Number(this.words('port')?.[0] ?? SENTINEL_PORT);
  }

  get password(): string | null {
    const password = this.words('requirepass')?.[0];
    return password === undefined || password === '' ? null : password;
  }

  /** Redis 7 answers loopback only, whatever `bind` says (networking.c, acceptCommonHandler). Off unless the file says yes. */
  get isProtected(): boolean {
    return this.words('protected-mode')?.[0]?.toLowerCase() === 'yes' && this.password === null;
  }

  /** Whether only this host reaches it. */
  get listensOnLoopbackOnly(): boolean {
    return this.words('bind')?.every(isLoopback) === true;
  }

  /** The same settings, monitoring that address under every name. */
  withMaster({ host, port }: Endpoint): SentinelFile {
    return this.#rewritten(({ name, words, text }) => {
      if (name !== 'sentinel monitor') return text;
      const [master = '', , , quorum = ''] = words;
      return ['sentinel monitor', quoteArgument(master), host, port, quorum].join(' ');
    });
  }

  /** The same settings, with another value of a setting of that master; unchanged where the file does not set it. */
  withSetting(master: string, setting: string, value: string): SentinelFile {
    return this.#rewritten(({ name, words, text }) => {
      if (name !== `sentinel ${setting}` || words[0] !== master) return text;
      return [name, quoteArgument(master), value].join(' ');
    });
  }

  /** The same settings, with the state of another file: what Sentinel wrote there for the masters of this one. */
  withState(other: SentinelFile): SentinelFile {
    const masters = new Set(this.monitors.map(({ master }) => master));
    const state = other.statements.filter((each) => isSentinelState(each, masters)).map(({ text }) => text);
    const known = other.monitors.find(({ master }) => masters.has(master));
    const settled = known ? this.withMaster(known) : this;
    return SentinelFile.parse(settled.map((text) => [text.trimEnd(), ...state, ''].join('\n')));
  }

  #rewritten(edit: (statement: Statement) => string): SentinelFile {
    const lines = this.reveal().split('\n');
    for (const statement of this.#statements) lines[statement.line - 1] = edit(statement);
    return SentinelFile.parse(this.map(() => lines.join('\n')));
  }
}

/** As words of `bind` have it, with the `-` of an address that may be missing. */
export function isLoopback(host: string): boolean {
  return /^-?(?:127\.|::1$|localhost$)/i.test(host);
}

/** A file of these lines. @param secrets Texts that no message may show. */
export function sentinelFile(lines: readonly string[], secrets: readonly Secret[] = []): SentinelFile {
  return SentinelFile.parse(new SensitiveText(`${lines.join('\n')}\n`, secrets));
}
